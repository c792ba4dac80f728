package io.outrider.http.api;

import io.outrider.core.alert.AlertFilter;
import io.outrider.core.alert.Severity;
import io.outrider.core.alert.Standing;
import io.outrider.core.port.AlertSearch.Order;
import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.jspecify.annotations.Nullable;

/** Reads which alerts a request asks for; what is wrong with it is a problem that names the parameter. */
final class AlertParameters {

    private AlertParameters() {}

    static AlertFilter filter(HttpRequest request) {
        return new AlertFilter(
                PageParameters.single(request, "account"),
                PageParameters.single(request, "merchant"),
                period(request),
                severities(request),
                PageParameters.single(request, "reason"),
                PageParameters.single(request, "model"),
                choice(request, "label", Standing.class));
    }

    /** What a stream may be narrowed by: what is known of an alert when it is raised, and will not change. */
    static AlertFilter stream(HttpRequest request) {
        return new AlertFilter(
                PageParameters.single(request, "account"),
                PageParameters.single(request, "merchant"),
                AlertFilter.Period.EVER,
                severities(request),
                PageParameters.single(request, "reason"),
                PageParameters.single(request, "model"),
                null);
    }

    static Order order(HttpRequest request) {
        String text = PageParameters.single(request, "sort");
        return switch (text == null ? "time" : text) {
            case "time" -> Order.NEWEST;
            case "score" -> Order.SCORE;
            case "amount" -> Order.AMOUNT;
            default ->
                throw invalid(
                        "sort", String.valueOf(text), "sort must be time, score or amount; the highest comes first.");
        };
    }

    static AlertFilter.Period period(HttpRequest request) {
        long from = time(request, "from", Long.MIN_VALUE);
        long to = time(request, "to", Long.MAX_VALUE);
        if (from > to) {
            throw invalid(
                    "from", String.valueOf(PageParameters.single(request, "from")), "from must not lie after to.");
        }
        return new AlertFilter.Period(from, to);
    }

    private static long time(HttpRequest request, String name, long absent) {
        String text = PageParameters.single(request, name);
        if (text == null) {
            return absent;
        }
        try {
            return Instant.parse(text).toEpochMilli();
        } catch (DateTimeParseException | ArithmeticException e) {
            throw invalid(name, text, name + " must be a time in ISO-8601 and UTC, such as 2026-03-01T12:00:00Z.");
        }
    }

    private static Set<Severity> severities(HttpRequest request) {
        String text = PageParameters.single(request, "severity");
        Set<Severity> severities = EnumSet.noneOf(Severity.class);
        if (text != null) {
            for (String name : text.split(",", -1)) {
                severities.add(choice("severity", name, Severity.class));
            }
        }
        return severities;
    }

    static <E extends Enum<E>> @Nullable E choice(HttpRequest request, String name, Class<E> type) {
        String text = PageParameters.single(request, name);
        return text == null ? null : choice(name, text, type);
    }

    private static <E extends Enum<E>> E choice(String name, String text, Class<E> type) {
        for (E value : type.getEnumConstants()) {
            if (value.name().toLowerCase(Locale.ROOT).equals(text)) {
                return value;
            }
        }
        String choices = Arrays.stream(type.getEnumConstants())
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
        throw invalid(name, text, name + " must be one of " + choices + ".");
    }

    static ProblemException invalid(String name, String value, String detail) {
        return new ProblemException(Problem.ofField(ProblemType.INVALID_PARAMETER, name, value, detail));
    }
}
