package io.outrider.http;

import java.util.List;
import java.util.Map;

/** A request or more for each operation, good and bad, with the status that is due; {@link ContractTest} sends them. */
final class ContractExamples {

    private static final String ALERT = Examples.alert(1, "4711").id();
    private static final String MODEL = new FakeModels().first.version();
    private static final String TRANSACTION =
            "{\"transaction_id\":\"t1\",\"user_id\":\"4711\",\"amount\":12.5,\"timestamp\":\"2026-03-01T12:00:00Z\"}";
    private static final String LABEL = "{\"transaction_id\":\"t1\",\"account\":\"4711\",\"event_time\":"
            + "\"2026-03-01T12:00:00Z\",\"verdict\":\"fraud\",\"by\":\"ana\",\"version\":1}";

    private static final Map<String, List<Example>> ALL = Map.ofEntries(
            Map.entry("GET /health/live", List.of(get(200, "/health/live"))),
            Map.entry("GET /health/ready", List.of(get(200, "/health/ready"))),
            Map.entry("GET /metrics", List.of(get(200, "/metrics"))),
            Map.entry("GET /openapi.yaml", List.of(get(200, "/openapi.yaml"))),
            Map.entry(
                    "GET /api/v1/accounts",
                    List.of(
                            get(200, "/api/v1/accounts"),
                            get(200, "/api/v1/accounts?limit=1"),
                            get(200, "/api/v1/accounts", "Accept", "application/x-ndjson"),
                            get(400, "/api/v1/accounts?limit=0"),
                            get(400, "/api/v1/accounts?cursor=%25"))),
            Map.entry(
                    "GET /api/v1/accounts/{id}",
                    List.of(get(200, "/api/v1/accounts/4711"), get(404, "/api/v1/accounts/nobody"))),
            Map.entry("DELETE /api/v1/accounts/{id}", List.of(new Example(202, "/api/v1/accounts/4711", Map.of(), ""))),
            Map.entry("GET /api/v1/erasures", List.of(get(200, "/api/v1/erasures"))),
            Map.entry(
                    "GET /api/v1/erasures/{id}",
                    List.of(get(200, "/api/v1/erasures/e1"), get(404, "/api/v1/erasures/none"))),
            Map.entry(
                    "GET /api/v1/alerts",
                    List.of(
                            get(200, "/api/v1/alerts"),
                            get(200, "/api/v1/alerts?account=4711&limit=2"),
                            get(200, "/api/v1/alerts?severity=high,low&label=unlabelled&sort=amount"),
                            get(200, "/api/v1/alerts?format=csv"),
                            get(200, "/api/v1/alerts", "Accept", "application/x-ndjson"),
                            get(400, "/api/v1/alerts?severity=urgent"),
                            get(400, "/api/v1/alerts?limit=x"),
                            get(400, "/api/v1/alerts?acount=4711"),
                            get(400, "/api/v1/alerts?cursor=none"))),
            Map.entry(
                    "GET /api/v1/alerts/stream",
                    List.of(
                            get(200, "/api/v1/alerts/stream"),
                            get(200, "/api/v1/alerts/stream?lastEventId=c1"),
                            get(400, "/api/v1/alerts/stream", "Last-Event-ID", "nonsense"))),
            Map.entry(
                    "GET /api/v1/alerts/{id}",
                    List.of(get(200, "/api/v1/alerts/" + ALERT), get(404, "/api/v1/alerts/none"))),
            Map.entry(
                    "GET /api/v1/alerts/{id}/similar",
                    List.of(
                            get(200, "/api/v1/alerts/" + ALERT + "/similar?limit=2"),
                            get(404, "/api/v1/alerts/none/similar"))),
            Map.entry(
                    "GET /api/v1/alerts/{id}/labels",
                    List.of(get(200, "/api/v1/alerts/" + ALERT + "/labels"), get(404, "/api/v1/alerts/none/labels"))),
            Map.entry(
                    "POST /api/v1/alerts/{id}/replay",
                    List.of(
                            new Example(200, "/api/v1/alerts/" + ALERT + "/replay", Map.of(), ""),
                            new Example(404, "/api/v1/alerts/none/replay", Map.of(), ""))),
            Map.entry(
                    "GET /api/v1/transactions/{id}",
                    List.of(
                            get(200, "/api/v1/transactions/t-1?account=4711"),
                            get(200, "/api/v1/transactions/t-old?account=4711&on=2026-03-01"),
                            get(200, "/api/v1/transactions/t-new?account=4711"),
                            get(404, "/api/v1/transactions/t-old?account=4711&on=2026-03-02"),
                            get(400, "/api/v1/transactions/t-old?account=4711&on=soon"),
                            get(400, "/api/v1/transactions/t-old?account=4711&on=%2B999999999-12-31"),
                            get(404, "/api/v1/transactions/t-99"))),
            Map.entry(
                    "GET /api/v1/review",
                    List.of(
                            get(200, "/api/v1/review?limit=2"),
                            get(200, "/api/v1/review?kind=alert"),
                            get(400, "/api/v1/review?kind=none"))),
            Map.entry("GET /api/v1/monitoring/population", List.of(get(200, "/api/v1/monitoring/population"))),
            Map.entry(
                    "GET /api/v1/monitoring/performance",
                    List.of(
                            get(200, "/api/v1/monitoring/performance?by=severity"),
                            get(400, "/api/v1/monitoring/performance?by=none"))),
            Map.entry(
                    "POST /api/v1/batch-score",
                    List.of(
                            csv(200, "user_id,amount,timestamp\n4711,900,2026-03-01T12:00:00Z\n"),
                            csv(400, "a,b\n1,2\n"),
                            post(415, "/api/v1/batch-score", "{}"))),
            Map.entry(
                    "POST /api/v1/alerts/{id}/label",
                    List.of(
                            post(202, "/api/v1/alerts/" + ALERT + "/label", "{\"verdict\":\"fraud\",\"by\":\"ana\"}"),
                            post(400, "/api/v1/alerts/" + ALERT + "/label", "{\"verdict\":\"maybe\",\"by\":\"ana\"}"),
                            post(404, "/api/v1/alerts/none/label", "{\"verdict\":\"fraud\",\"by\":\"ana\"}"))),
            Map.entry(
                    "POST /api/v1/labels",
                    List.of(
                            post(202, "/api/v1/labels", LABEL),
                            post(202, "/api/v1/labels", "[" + LABEL + "]"),
                            post(400, "/api/v1/labels", "[{}]"))),
            Map.entry(
                    "POST /api/v1/transactions",
                    List.of(
                            post(202, "/api/v1/transactions", TRANSACTION),
                            post(202, "/api/v1/transactions", "[" + TRANSACTION + "]"),
                            post(400, "/api/v1/transactions", "{\"amount\":-1}"),
                            post(400, "/api/v1/transactions", "not JSON"))),
            Map.entry(
                    "POST /api/v1/score",
                    List.of(
                            post(
                                    200,
                                    "/api/v1/score",
                                    "{\"user_id\":\"4711\",\"amount\":912.4,\"merchant_id\":\"m-7\"}"),
                            post(200, "/api/v1/score", "[{\"amount\":100.0,\"transaction_hour\":10}]"),
                            post(400, "/api/v1/score", "{\"amount\":\"much\"}"))),
            Map.entry("GET /api/v1/models", List.of(get(200, "/api/v1/models"))),
            Map.entry(
                    "GET /api/v1/models/comparison",
                    List.of(
                            get(200, "/api/v1/models/comparison?a=" + MODEL + "&b=" + MODEL),
                            get(400, "/api/v1/models/comparison"))),
            Map.entry(
                    "GET /api/v1/models/{version}",
                    List.of(get(200, "/api/v1/models/" + MODEL), get(404, "/api/v1/models/none"))),
            Map.entry(
                    "GET /api/v1/{kind}/runs",
                    List.of(
                            get(200, "/api/v1/etl/runs"),
                            get(400, "/api/v1/etl/runs?cursor=x"),
                            get(404, "/api/v1/cooking/runs"))),
            Map.entry(
                    "POST /api/v1/{kind}/runs",
                    List.of(
                            post(202, "/api/v1/etl/runs", "{\"accept-missing-risk\":true}"),
                            post(409, "/api/v1/etl/runs", "{}"),
                            post(400, "/api/v1/etl/runs", "[1]"))),
            Map.entry(
                    "GET /api/v1/{kind}/runs/{id}",
                    List.of(get(200, "/api/v1/etl/runs/etl-1"), get(404, "/api/v1/etl/runs/etl-9"))),
            Map.entry(
                    "POST /api/v1/{kind}/runs/{id}/cancel",
                    List.of(
                            new Example(202, "/api/v1/etl/runs/etl-1/cancel", Map.of(), ""),
                            new Example(404, "/api/v1/etl/runs/etl-9/cancel", Map.of(), ""))),
            Map.entry(
                    "GET /api/v1/{kind}/runs/{id}/events",
                    List.of(get(200, "/api/v1/etl/runs/etl-1/events"), get(404, "/api/v1/etl/runs/etl-9/events"))),
            Map.entry(
                    "GET /api/v1/backtest/runs/{id}/report",
                    List.of(
                            get(200, "/api/v1/backtest/runs/backtest-1/report"),
                            get(404, "/api/v1/backtest/runs/backtest-9/report"))),
            Map.entry("GET /api/v1/monitoring/quality", List.of(get(200, "/api/v1/monitoring/quality"))),
            Map.entry("GET /api/v1/monitoring/drift", List.of(get(200, "/api/v1/monitoring/drift"))),
            Map.entry("GET /api/v1/monitoring/nodes", List.of(get(200, "/api/v1/monitoring/nodes"))),
            Map.entry("GET /api/v1/rollout", List.of(get(200, "/api/v1/rollout"))),
            Map.entry(
                    "POST /api/v1/rollout",
                    List.of(
                            post(200, "/api/v1/rollout", "{\"action\":\"shadow\",\"modelVersion\":\"m2\"}"),
                            post(400, "/api/v1/rollout", "{\"action\":\"explode\"}"))),
            Map.entry(
                    "POST /api/v1/models/{version}/promote",
                    List.of(
                            post(200, "/api/v1/models/m2/promote", "{\"force\":true}"),
                            post(409, "/api/v1/models/m3/promote", "{}"))),
            Map.entry(
                    "POST /api/v1/models/rollback",
                    List.of(
                            new Example(200, "/api/v1/models/rollback", Map.of(), ""),
                            new Example(409, "/api/v1/models/rollback", Map.of(), ""))),
            Map.entry("GET /api/v1/monitoring/live", List.of(get(200, "/api/v1/monitoring/live"))));

    /** @param body empty for none; otherwise JSON */
    record Example(int status, String path, Map<String, String> headers, String body) {

        @Override
        public String toString() {
            return path + " " + (body.length() > 40 ? body.substring(0, 40) + "…" : body) + " → " + status;
        }
    }

    private ContractExamples() {}

    /** Of the operation that the table lists under this name. */
    static List<Example> of(String operation) {
        return ALL.getOrDefault(operation, List.of());
    }

    /** What the examples ask about. */
    static void fill(FakeNode node) {
        node.add(Examples.account("4711", 12));
        node.add(Examples.account("4712", 0));
        for (int i = 1; i <= 5; i++) {
            node.add(Examples.alert(i, "4711"));
        }
    }

    private static Example get(int status, String path) {
        return new Example(status, path, Map.of(), "");
    }

    private static Example get(int status, String path, String header, String value) {
        return new Example(status, path, Map.of(header, value), "");
    }

    private static Example csv(int status, String table) {
        return new Example(status, "/api/v1/batch-score", Map.of("Content-Type", "text/csv"), table);
    }

    private static Example post(int status, String path, String json) {
        return new Example(status, path, Map.of("Content-Type", "application/json"), json);
    }
}
