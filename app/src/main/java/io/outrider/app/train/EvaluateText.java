package io.outrider.app.train;

import io.outrider.training.evaluation.EvaluationResult;
import java.io.PrintWriter;
import java.util.Locale;

/** What an evaluation measured, for people. */
final class EvaluateText {

    private EvaluateText() {}

    /** Says what was left out; nothing if nothing was. */
    static void warn(PrintWriter err, EvaluationResult result) {
        EvaluationResult.Rejected rejected = result.run().rejected();
        if (rejected.rows() > 0) {
            err.printf(Locale.ROOT, "outrider: rows left out as no valid events: %,d%n", rejected.rows());
            rejected.examples().forEach(example -> err.println("  " + example));
        }
        if (result.unlabelled() > 0) {
            err.printf(
                    Locale.ROOT,
                    "outrider: events of the test days left out as they have no label: %,d%n",
                    result.unlabelled());
        }
        err.flush();
    }

    static void print(PrintWriter out, EvaluationResult result) {
        row(out, "model", result.supervised() ? "supervised" : "forest");
        row(out, "rows, frauds", String.format(Locale.ROOT, "%,d, %,d", result.rows(), result.frauds()));
        row(out, "rows without label", String.format(Locale.ROOT, "%,d", result.unlabelled()));
        EvaluationResult.Rejected rejected = result.run().rejected();
        row(out, "rows rejected", String.format(Locale.ROOT, "%,d", rejected.rows()));
        rejected.examples().forEach(example -> out.println("  " + example));
        row(out, "AUC ROC", number(result.auc()) + oneClass(result.auc(), result));
        row(out, "average precision", number(result.averagePrecision()) + oneClass(result.averagePrecision(), result));
        row(out, "Card Precision@100", number(result.cardPrecision100()));
        row(out, "best F1", number(result.bestF1()));
        row(
                out,
                "at threshold",
                String.format(
                        Locale.ROOT,
                        "precision %.3f, recall %.3f, F1 %.3f, alert rate %.4f",
                        result.atThreshold().precision(),
                        result.atThreshold().recall(),
                        result.atThreshold().f1(),
                        result.atThreshold().alertRate()));
        result.recallAtOnePercent()
                .forEach((scenario, recall) -> row(out, "recall at 1%, scenario " + scenario, number(recall)));
        row(
                out,
                "events a second",
                String.format(Locale.ROOT, "%,.0f", result.run().eventsPerSecond()));
    }

    private static void row(PrintWriter out, String name, String value) {
        out.printf(Locale.ROOT, "%-26s %s%n", name, value);
    }

    /** Why something can't be measured; empty where it can. */
    private static String oneClass(double value, EvaluationResult result) {
        if (!Double.isNaN(value)) {
            return "";
        }
        return " (only one class: " + (result.frauds() == 0 ? "no test row is a fraud)" : "every test row is a fraud)");
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }
}
