package io.outrider.training.backtest;

import io.outrider.core.backtest.BacktestResult;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A backtest in words, and as an HTML page that stands alone: nothing is loaded from anywhere. */
public final class BacktestReport {

    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #1c2330; --paper: #fff; --bar: #0b62c4; --other: #c4480b; --rule: #c9ced8 }
            @media (prefers-color-scheme: dark) {
              :root { --ink: #e4e8f0; --paper: #14181f; --bar: #6cb1ff; --other: #ff9a5c; --rule: #3a4250 } }
            body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2rem auto;
              max-width: 70rem; padding: 0 1rem }
            table { border-collapse: collapse; margin-bottom: 2rem } td, th { padding: .2rem 1.5rem .2rem 0; text-align: left;
              border-bottom: 1px solid var(--rule) } td { font-variant-numeric: tabular-nums }
            svg { width: 100%; height: 12rem } .bar { fill: var(--bar) } .other { fill: none; stroke: var(--other) }
            .interval { fill: var(--bar); opacity: .15 }
            """;

    private static final int HEIGHT = 100;

    private BacktestReport() {}

    /** A few lines. */
    public static String text(BacktestResult result) {
        StringBuilder text = new StringBuilder();
        line(text, "model      %s%s", result.modelVersion(), against(result));
        line(
                text,
                "events     %,d on %,d days, %,.0f a second",
                result.events(),
                result.days().size(),
                result.eventsPerSecond());
        BacktestResult.Predicted alerts = result.alertsPerDay();
        line(text, "alerts     %.1f a day, a day to come: %.0f to %.0f", alerts.mean(), alerts.low(), alerts.high());
        BacktestResult.Predicted episodes = result.episodesPerDay();
        line(
                text,
                "episodes   %.1f a day, a day to come: %.0f to %.0f",
                episodes.mean(),
                episodes.low(),
                episodes.high());
        BacktestResult.Predicted rate = result.alertRate();
        line(text, "rate       %.5f, a day to come: %.5f to %.5f", rate.mean(), rate.low(), rate.high());
        if (!result.againstVersion().isEmpty()) {
            line(
                    text,
                    "changes    %,d alerts appear, %,d vanish",
                    result.appear().count(),
                    result.vanish().count());
        }
        result.metrics().forEach((name, value) -> {
            if (name.equals("auc")
                    || name.equals("average_precision")
                    || (name.endsWith("_at_threshold") && !name.matches("(segment|scenario)\\..*"))
                    || name.equals("baseline.against.average_precision")) {
                line(text, "%-36s %.4f", name, value);
            }
        });
        result.notes().forEach(note -> line(text, "note       %s", note));
        return text.toString().stripTrailing();
    }

    /**
     * The page.
     *
     * @param request that it is the result of
     */
    public static String html(BacktestRequest request, BacktestResult result) {
        StringBuilder page = new StringBuilder(32_000);
        page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Backtest</title><style>\n")
                .append(STYLE)
                .append("</style></head><body>\n<h1>Backtest of ")
                .append(escaped(result.modelVersion() + against(result)))
                .append("</h1>\n");
        head(page, request, result);
        page.append("<h2>Alerts a day</h2>\n");
        bars(page, request, result);
        page.append("<table>\n<tr><th>Day</th><th>Events</th><th>Alerts</th><th>Alerts of the other</th>"
                + "<th>Episodes</th><th>Episodes of the other</th></tr>\n");
        for (BacktestResult.Day day : result.days()) {
            line(
                    page,
                    "<tr><td>%s</td><td>%,d</td><td>%,d</td><td>%,d</td><td>%,d</td><td>%,d</td></tr>",
                    day.date(),
                    day.events(),
                    day.alerts(),
                    day.againstAlerts(),
                    day.episodes(),
                    day.againstEpisodes());
        }
        page.append("</table>\n<h2>Metrics</h2>\n<table>\n");
        for (Map.Entry<String, Double> metric : result.metrics().entrySet()) {
            line(page, "<tr><th>%s</th><td>%.5f</td></tr>", escaped(metric.getKey()), metric.getValue());
        }
        page.append("</table>\n");
        if (!result.againstVersion().isEmpty()) {
            changes(page, "Alerts that appear", result.appear());
            changes(page, "Alerts that vanish", result.vanish());
        }
        result.notes().forEach(note -> page.append("<p>").append(escaped(note)).append("</p>\n"));
        return page.append("</body></html>\n").toString();
    }

    private static void head(StringBuilder page, BacktestRequest request, BacktestResult result) {
        List<BacktestResult.Day> days = result.days();
        page.append("<table>\n");
        fact(
                page,
                "Dataset",
                request.dataset().dataset() + ":" + request.dataset().version());
        fact(
                page,
                "Asked for",
                (request.from() == null ? "the first event date" : request.from()) + " to "
                        + (request.to() == null ? "the last" : request.to()) + ", UTC");
        fact(
                page,
                "Scored",
                days.get(0).date() + " to " + days.get(days.size() - 1).date() + ", dates with events: " + days.size());
        fact(page, "Events", String.format(Locale.ROOT, "%,d", result.events()));
        fact(
                page,
                "Alerts",
                String.format(
                        Locale.ROOT,
                        "%,d",
                        days.stream().mapToLong(BacktestResult.Day::alerts).sum()));
        page.append("</table>\n");
    }

    private static void fact(StringBuilder page, String name, String value) {
        line(page, "<tr><th>%s</th><td>%s</td></tr>", name, escaped(value));
    }

    private static void bars(StringBuilder page, BacktestRequest request, BacktestResult result) {
        BacktestResult.Predicted predicted = result.alertsPerDay();
        double most = Math.max(1, predicted.high());
        for (BacktestResult.Day day : result.days()) {
            most = Math.max(most, (double) Math.max(day.alerts(), day.againstAlerts()));
        }
        int width = result.days().size() * 10;
        line(
                page,
                "<p>Mean of %d of %d days: %.1f; a day to come: %.0f to %.0f (shaded).%s</p>",
                DayCounts.whole(result.days(), request.dataset()).size(),
                result.days().size(),
                predicted.mean(),
                predicted.low(),
                predicted.high(),
                result.againstVersion().isEmpty() ? "" : " Outlined: the other model.");
        line(page, "<svg viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\">", width, HEIGHT);
        line(
                page,
                "<rect class=\"interval\" x=\"0\" width=\"%d\" y=\"%.2f\" height=\"%.2f\"/>",
                width,
                HEIGHT * (1 - predicted.high() / most),
                HEIGHT * (predicted.high() - predicted.low()) / most);
        int x = 0;
        for (BacktestResult.Day day : result.days()) {
            bar(page, "bar", x + 1, HEIGHT * day.alerts() / most);
            if (!result.againstVersion().isEmpty()) {
                bar(page, "other", x + 2, HEIGHT * day.againstAlerts() / most);
            }
            x += 10;
        }
        page.append("</svg>\n");
    }

    private static void bar(StringBuilder page, String style, int x, double height) {
        line(
                page,
                "<rect class=\"%s\" x=\"%d\" width=\"8\" y=\"%.2f\" height=\"%.2f\"/>",
                style,
                x,
                HEIGHT - height,
                height);
    }

    private static void changes(StringBuilder page, String title, BacktestResult.Changes changes) {
        line(page, "<h2>%s: %,d</h2>", title, changes.count());
        if (changes.count() == 0) {
            return;
        }
        page.append("<table>\n");
        page.append(
                "<tr><th>Transaction</th><th>Account</th><th>When</th><th>Amount</th><th>Score</th><th>Other</th></tr>\n");
        for (BacktestResult.Changed one : changes.alerts()) {
            line(
                    page,
                    "<tr><td>%s</td><td>%s</td><td>%s</td><td>%.2f</td><td>%.5f</td><td>%.5f</td></tr>",
                    escaped(one.transactionId()),
                    escaped(one.account()),
                    one.eventTime(),
                    one.amount(),
                    one.score(),
                    one.againstScore());
        }
        page.append("</table>\n");
    }

    private static String against(BacktestResult result) {
        return result.againstVersion().isEmpty() ? "" : " against " + result.againstVersion();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
