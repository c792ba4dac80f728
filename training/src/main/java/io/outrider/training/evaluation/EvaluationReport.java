package io.outrider.training.evaluation;

import java.util.Locale;
import java.util.Map;

/**
 * An evaluation as one HTML page that stands alone: the numbers, the ROC and precision-recall curves and a histogram of
 * the scores as inline SVG. Nothing is loaded from anywhere.
 */
public final class EvaluationReport {

    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #1c2330; --paper: #fff; --line: #0b62c4; --other: #c4480b; --rule: #c9ced8 }
            @media (prefers-color-scheme: dark) {
              :root { --ink: #e4e8f0; --paper: #14181f; --line: #6cb1ff; --other: #ff9a5c; --rule: #3a4250 } }
            body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2rem auto;
              max-width: 70rem; padding: 0 1rem }
            table { border-collapse: collapse; margin-bottom: 2rem } td, th { padding: .25rem 1.5rem .25rem 0; text-align: left;
              border-bottom: 1px solid var(--rule) } td { font-variant-numeric: tabular-nums }
            .plots { display: flex; flex-wrap: wrap; gap: 2rem } figure { margin: 0 } figcaption { font-weight: 600 }
            svg { width: 20rem; height: auto; overflow: visible } svg text { font-size: 11px; fill: var(--ink) }
            .frame { fill: none; stroke: var(--rule) } .curve { fill: none; stroke: var(--line); stroke-width: 1.8 }
            .chance { stroke: var(--rule); stroke-dasharray: 4 4 } .ordinary { fill: var(--line); opacity: .55 }
            .anomalous { fill: var(--other); opacity: .7 } .deployed { fill: var(--other) } .cut { stroke: var(--other) }
            """;

    private EvaluationReport() {}

    /** The page. */
    public static String html(EvaluateRequest request, EvaluationResult result) {
        StringBuilder page = new StringBuilder(64_000);
        page.append(
                        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Evaluation</title><style>\n")
                .append(STYLE)
                .append("</style></head><body>\n<h1>Evaluation: ")
                .append(result.supervised() ? "with labels" : "without labels")
                .append("</h1>\n<p>")
                .append(story(request, result))
                .append("</p>\n<table>\n");
        numbers(page, result);
        page.append("</table>\n<div class=\"plots\">\n")
                .append(EvaluationPlots.roc(result))
                .append(EvaluationPlots.precisionRecall(result))
                .append(EvaluationPlots.histogram(result))
                .append("</div>\n</body></html>\n");
        return page.toString();
    }

    private static String story(EvaluateRequest request, EvaluationResult result) {
        return String.format(
                Locale.ROOT,
                "Fitted on %s to %s (%,d transactions) with labels known %s after their transactions, frozen, and tested on %s "
                        + "to %s: %,d transactions, %,d of them frauds. Model %s.",
                request.train().from(),
                request.train().to(),
                result.run().trainingRows(),
                request.labelDelay(),
                request.test().from(),
                request.test().to(),
                result.rows(),
                result.frauds(),
                result.model().manifest().version());
    }

    private static void numbers(StringBuilder page, EvaluationResult result) {
        row(page, "Area under the ROC curve", result.auc());
        row(page, "Average precision", result.averagePrecision());
        row(page, "Card Precision@100", result.cardPrecision100());
        row(page, "Best F1", result.bestF1());
        row(page, "At the deployed threshold: precision", result.atThreshold().precision());
        row(page, "At the deployed threshold: recall", result.atThreshold().recall());
        row(page, "At the deployed threshold: F1", result.atThreshold().f1());
        row(
                page,
                "At the deployed threshold: share of transactions that alert",
                result.atThreshold().alertRate());
        for (Map.Entry<Integer, Double> scenario : result.recallAtOnePercent().entrySet()) {
            row(page, "Recall of scenario " + scenario.getKey() + " at 1% alerts", scenario.getValue());
        }
    }

    private static void row(StringBuilder page, String name, double value) {
        page.append("<tr><th>")
                .append(name)
                .append("</th><td>")
                .append(Double.isFinite(value) ? String.format(Locale.ROOT, "%.4f", value) : "none")
                .append("</td></tr>\n");
    }
}
