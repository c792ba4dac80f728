package io.outrider.http.access;

import static io.outrider.http.access.Role.ANALYST;
import static io.outrider.http.access.Role.OPERATOR;
import static io.outrider.http.access.Role.VIEWER;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which operation needs which role, and which parameters it takes: the only place that says so. What is not listed is not served
 * to anybody once callers must say who they are, so a new route needs a row here (and in {@code openapi.yaml}; a test compares the
 * two).
 *
 * <p>Where two templates fit a path, the one with more literal segments decides, as in OpenAPI.
 */
public final class AuthorizationTable {

    private static final List<Operation> ROWS = List.of(
            // Operations of machines, and what tells a person how to ask.
            Operation.open("GET", "/health/live"),
            Operation.of(VIEWER, "GET", "/health/ready"),
            Operation.of(VIEWER, "GET", "/metrics"),
            Operation.open("GET", "/openapi.yaml"),
            // Accounts and alerts.
            Operation.of(VIEWER, "GET", "/api/v1/accounts").taking("limit", "cursor"),
            Operation.of(VIEWER, "GET", "/api/v1/accounts/{id}"),
            Operation.of(OPERATOR, "DELETE", "/api/v1/accounts/{id}"),
            Operation.of(OPERATOR, "GET", "/api/v1/erasures"),
            Operation.of(OPERATOR, "GET", "/api/v1/erasures/{id}"),
            Operation.of(VIEWER, "GET", "/api/v1/alerts")
                    .taking(
                            "account",
                            "merchant",
                            "from",
                            "to",
                            "severity",
                            "reason",
                            "model",
                            "label",
                            "sort",
                            "format",
                            "limit",
                            "cursor"),
            Operation.of(VIEWER, "GET", "/api/v1/alerts/stream")
                    .taking("account", "merchant", "severity", "reason", "model", "lastEventId"),
            Operation.of(VIEWER, "GET", "/api/v1/alerts/{id}"),
            Operation.of(VIEWER, "GET", "/api/v1/alerts/{id}/similar").taking("limit"),
            Operation.of(VIEWER, "GET", "/api/v1/alerts/{id}/labels"),
            Operation.of(ANALYST, "POST", "/api/v1/alerts/{id}/replay"),
            Operation.once(ANALYST, "POST", "/api/v1/alerts/{id}/label"),
            Operation.once(ANALYST, "POST", "/api/v1/labels"),
            // Events and questions.
            Operation.once(OPERATOR, "POST", "/api/v1/transactions"),
            Operation.of(VIEWER, "GET", "/api/v1/transactions/{id}").taking("account", "on"),
            Operation.of(ANALYST, "POST", "/api/v1/score"),
            Operation.of(ANALYST, "POST", "/api/v1/batch-score").taking("map"),
            // What people say, and what follows.
            Operation.of(VIEWER, "GET", "/api/v1/review").taking("from", "to", "kind", "limit", "cursor"),
            Operation.of(VIEWER, "GET", "/api/v1/monitoring/performance").taking("from", "to", "by"),
            // Batch runs. Their supervisor itself remembers keys, for the whole cluster.
            Operation.of(VIEWER, "GET", "/api/v1/{kind}/runs").taking("limit", "cursor"),
            Operation.of(OPERATOR, "POST", "/api/v1/{kind}/runs"),
            Operation.of(VIEWER, "GET", "/api/v1/{kind}/runs/{id}"),
            Operation.of(OPERATOR, "POST", "/api/v1/{kind}/runs/{id}/cancel"),
            Operation.of(VIEWER, "GET", "/api/v1/{kind}/runs/{id}/events"),
            Operation.of(VIEWER, "GET", "/api/v1/backtest/runs/{id}/report"),
            // Models.
            Operation.of(VIEWER, "GET", "/api/v1/monitoring/drift"),
            Operation.of(VIEWER, "GET", "/api/v1/monitoring/nodes"),
            Operation.of(VIEWER, "GET", "/api/v1/monitoring/quality"),
            Operation.of(VIEWER, "GET", "/api/v1/rollout"),
            Operation.once(OPERATOR, "POST", "/api/v1/rollout"),
            Operation.once(OPERATOR, "POST", "/api/v1/models/{version}/promote"),
            Operation.once(OPERATOR, "POST", "/api/v1/models/rollback"),
            Operation.of(VIEWER, "GET", "/api/v1/models"),
            Operation.of(VIEWER, "GET", "/api/v1/models/comparison").taking("a", "b"),
            Operation.of(VIEWER, "GET", "/api/v1/models/{version}"),
            // Figures.
            Operation.of(VIEWER, "GET", "/api/v1/monitoring/population"),
            Operation.of(VIEWER, "GET", "/api/v1/monitoring/live"));

    /** Files of pages: they hold no data, and a browser fetches them before it can have a token. */
    private static final List<Operation> PAGES = List.of(
            Operation.open("GET", "/"),
            Operation.open("GET", "/favicon.ico"),
            Operation.open("GET", "/console/{file}"),
            Operation.open("GET", "/docs"),
            Operation.open("GET", "/docs/"),
            Operation.open("GET", "/docs/{file}"));

    private static final List<Entry> ENTRIES = Stream.concat(ROWS.stream(), PAGES.stream())
            .map(row -> new Entry(row, row.template().split("/", -1)))
            .sorted(Comparator.comparingInt(Entry::placeholders))
            .toList();

    private record Entry(Operation operation, String[] segments) {

        int placeholders() {
            return (int) Arrays.stream(segments).filter(Entry::isPlaceholder).count();
        }

        boolean fits(String[] path) {
            if (path.length != segments.length) {
                return false;
            }
            for (int i = 0; i < path.length; i++) {
                boolean same = isPlaceholder(segments[i]) ? !path[i].isEmpty() : segments[i].equals(path[i]);
                if (!same) {
                    return false;
                }
            }
            return true;
        }

        private static boolean isPlaceholder(String segment) {
            return segment.startsWith("{");
        }
    }

    private AuthorizationTable() {}

    /** The documented operations; pages' files are not among them. */
    public static List<Operation> operations() {
        return ROWS;
    }

    /**
     * The operation that a request asks for.
     *
     * @param path decoded segments joined by nothing: each as it stands between two slashes
     */
    static Optional<Operation> find(String method, String[] path) {
        return ENTRIES.stream()
                .filter(entry -> entry.operation.method().equals(method) && entry.fits(path))
                .map(Entry::operation)
                .findFirst();
    }

    /** The template of what a request asks for, or {@code other} for what the table does not know. */
    public static String template(String method, String path) {
        return find(method.equals("HEAD") ? "GET" : method, path.split("/", -1))
                .map(Operation::template)
                .orElse("other");
    }

    /** The methods that the table has at a path; none if it does not know the path. */
    static List<String> methods(String[] path) {
        return ENTRIES.stream()
                .filter(entry -> entry.fits(path))
                .map(entry -> entry.operation.method())
                .distinct()
                .sorted()
                .toList();
    }
}
