package io.outrider.core.rollout;

import io.outrider.core.model.ModelManifest;
import io.outrider.core.review.Share;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a model may become champion, by what it did beside the one that decides.
 *
 * @param minEvents transactions that both must have scored; 0 asks for one, too
 * @param minOverlap least share of alerts in common, in [0, 1]; above 0 there must be alerts; a model that finds other things than the champion did is
 *     promoted by a person
 * @param minCorrelation least rank correlation of the scores, in [-1, 1]; above 0 neither's scores may be all alike
 * @param minLabels labelled transactions that it must alert on; 0 waits for none
 * @param prediction of the alerts it would raise
 */
public record PromotionGate(
        long minEvents, double minOverlap, double minCorrelation, long minLabels, PredictedAlerts.Rule prediction) {

    public PromotionGate {
        require(minEvents >= 0, "min-events must not be negative", minEvents);
        require(minOverlap >= 0 && minOverlap <= 1, "min-overlap must be in [0, 1]", minOverlap);
        require(minCorrelation >= -1 && minCorrelation <= 1, "min-correlation must be in [-1, 1]", minCorrelation);
        require(minLabels >= 0, "min-labels must not be negative", minLabels);
    }

    private static void require(boolean holds, String rule, Number value) {
        if (!holds) {
            throw new IllegalArgumentException("outrider.rollout.gate." + rule + ", is " + value);
        }
    }

    /**
     * What the gate says of a model.
     *
     * @param passed whether it may be promoted
     * @param reasons against it, one sentence each; empty if it passed
     */
    public record Verdict(String modelVersion, boolean passed, List<String> reasons) {

        public Verdict {
            reasons = List.copyOf(reasons);
        }
    }

    /**
     * Judges a model.
     *
     * @param report how it did as the challenger; null if it is none
     * @param labels what people said of what it alerts on; null where labels cannot be read
     */
    public Verdict judge(ModelManifest model, @Nullable ShadowReport report, @Nullable LabelReport labels) {
        List<String> reasons = new ArrayList<>();
        if (report == null) {
            reasons.add("it is not the challenger, so nothing is known of it beside the champion");
        } else {
            judge(model, report, reasons);
            judge(labels, reasons);
        }
        return new Verdict(model.version(), reasons.isEmpty(), reasons);
    }

    /** Judges a model that decided for a share of the accounts; labels as above. */
    public Verdict judgeCanary(ModelManifest model, RolloutCounts.Decided decided, @Nullable LabelReport labels) {
        long events = decided.events();
        List<String> reasons = new ArrayList<>();
        if (events < wanted()) {
            reasons.add("as the canary it has decided " + events + " transactions, and " + wanted() + " are wanted");
        } else {
            PredictedAlerts predicted = prediction.of(model, events);
            if (!predicted.holds(decided.alerts())) {
                reasons.add("as the canary it has raised " + decided.alerts() + " alerts on " + events
                        + " transactions, and " + predicted.low() + " to " + predicted.high() + " were predicted");
            }
            judge(labels, reasons);
        }
        return new Verdict(model.version(), reasons.isEmpty(), reasons);
    }

    /** Of a model that is both challenger and canary: it must pass as either. */
    public static Verdict both(Verdict challenger, Verdict canary) {
        Set<String> reasons = new LinkedHashSet<>(challenger.reasons());
        reasons.addAll(canary.reasons());
        return new Verdict(challenger.modelVersion(), challenger.passed() && canary.passed(), List.copyOf(reasons));
    }

    /** Worse is what the intervals leave no doubt of; few labels leave much, so that they speak against no model. */
    private void judge(@Nullable LabelReport labels, List<String> reasons) {
        if (labels == null) {
            if (minLabels > 0) {
                reasons.add(minLabels + " labelled alerts are wanted, and labels are known to running nodes only");
            }
            return;
        }
        if (labels.challenger().alerts() < minLabels) {
            reasons.add("it alerts on " + labels.challenger().alerts() + " labelled transactions, and " + minLabels
                    + " are wanted");
        }
        Share own = labels.challenger().precision();
        Share champions = labels.champion().precision();
        if (own.high() < champions.low()) {
            reasons.add("its precision on labels is " + share(own.value()) + " (at most " + share(own.high())
                    + "), the champion's is " + share(champions.value()) + " (at least " + share(champions.low())
                    + ")");
        }
    }

    private void judge(ModelManifest model, ShadowReport report, List<String> reasons) {
        if (report.events() < wanted()) {
            reasons.add("it has scored " + report.events() + " transactions beside the champion, and " + wanted()
                    + " are wanted");
            return;
        }
        PredictedAlerts predicted = prediction.of(model, report.events());
        if (!predicted.holds(report.challengerAlerts())) {
            reasons.add("it would have raised " + report.challengerAlerts() + " alerts on " + report.events()
                    + " transactions, and " + predicted.low() + " to " + predicted.high() + " were predicted");
        }
        if (Double.isNaN(report.overlap()) && minOverlap > 0) {
            reasons.add(
                    "neither it nor the champion has alerted on what both scored, so that nothing is known of their "
                            + "overlap, and " + share(minOverlap) + " is wanted");
        }
        if (report.overlap() < minOverlap) {
            reasons.add("its alerts overlap with the champion's by " + share(report.overlap()) + ", and "
                    + share(minOverlap) + " is wanted");
        }
        if (Double.isNaN(report.rankCorrelation()) && minCorrelation > 0) {
            reasons.add((isConstant(report.challengerScores()) ? "its" : "the champion's")
                    + " scores are all alike, so that they have no rank correlation, and " + share(minCorrelation)
                    + " is wanted");
        }
        if (report.rankCorrelation() < minCorrelation) {
            reasons.add("its scores' rank correlation with the champion's is " + share(report.rankCorrelation())
                    + ", and " + share(minCorrelation) + " is wanted");
        }
    }

    private static boolean isConstant(long[] scores) {
        return Arrays.stream(scores).filter(count -> count > 0).count() <= 1;
    }

    /** Of a model that has scored nothing, nothing is known. */
    private long wanted() {
        return Math.max(1, minEvents);
    }

    private static String share(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
