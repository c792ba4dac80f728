package io.outrider.core.rollout;

import io.outrider.core.model.ModelManifest;
import io.outrider.core.review.Share;
import io.outrider.core.setting.Setting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a model may become champion, by what it did beside the one that decides, and by a backtest against that one.
 *
 * @param minEvents transactions that both must have scored; 0 asks for one, too
 * @param minOverlap least share of alerts in common, in [0, 1]; above 0 there must be alerts; a model that finds other things than the champion did is
 *     promoted by a person
 * @param minCorrelation least rank correlation of the scores, in [-1, 1]; above 0 neither's scores may be all alike
 * @param minLabels labelled transactions that it must alert on; 0 waits for none
 * @param minBacktestDays days behind the data that it was fitted on, which a backtest against the champion must cover; 0 asks
 *     for none
 * @param prediction of the alerts it would raise
 */
public record PromotionGate(
        long minEvents,
        double minOverlap,
        double minCorrelation,
        long minLabels,
        int minBacktestDays,
        PredictedAlerts.Rule prediction) {

    private static final String AT = "outrider.rollout.gate.";

    public PromotionGate {
        Setting.require(minEvents >= 0, AT + "min-events", "must not be negative: " + minEvents);
        Setting.require(minOverlap >= 0 && minOverlap <= 1, AT + "min-overlap", "must be in [0, 1]: " + minOverlap);
        Setting.require(
                minCorrelation >= -1 && minCorrelation <= 1,
                AT + "min-correlation",
                "must be in [-1, 1]: " + minCorrelation);
        Setting.require(minLabels >= 0, AT + "min-labels", "must not be negative: " + minLabels);
        Setting.require(minBacktestDays >= 0, AT + "min-backtest-days", "must not be negative: " + minBacktestDays);
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

    /**
     * Judges a model by a backtest.
     *
     * @param evidence what the backtest against the champion found; null without one
     */
    public Verdict judgeBacktest(ModelManifest model, @Nullable BacktestEvidence evidence) {
        List<String> reasons = new ArrayList<>();
        if (wantsBacktest(evidence)) {
            reasons.add(
                    "a backtest against the champion over " + minBacktestDays + " days behind its training data, with "
                            + wanted() + " transactions, is wanted, and "
                            + (evidence == null
                                    ? "there is none"
                                    : "there is one over " + evidence.days() + ", with " + evidence.events()));
        } else if (minBacktestDays > 0 && evidence != null) {
            String stretch = "in the backtest from " + evidence.from() + " to " + evidence.to() + " ";
            PredictedAlerts predicted = prediction.of(model, evidence.events());
            if (!predicted.holds(evidence.alerts())) {
                reasons.add(stretch + "it has raised " + perDay(evidence.alerts(), evidence) + " alerts a day, and "
                        + perDay(predicted.low(), evidence) + " to " + perDay(predicted.high(), evidence)
                        + " were predicted");
            }
            Double gain = evidence.gainHigh();
            if (gain != null && gain < 0) {
                reasons.add(stretch + "its average precision is below the champion's by " + share(-gain) + " at least");
            }
        }
        return new Verdict(model.version(), reasons.isEmpty(), reasons);
    }

    /** Whether a backtest is asked for that this is not. */
    public boolean wantsBacktest(@Nullable BacktestEvidence evidence) {
        return minBacktestDays > 0
                && (evidence == null || evidence.days() < minBacktestDays || evidence.events() < wanted());
    }

    /** Of a model that must pass both. */
    public static Verdict both(Verdict first, Verdict second) {
        Set<String> reasons = new LinkedHashSet<>(first.reasons());
        reasons.addAll(second.reasons());
        return new Verdict(first.modelVersion(), first.passed() && second.passed(), List.copyOf(reasons));
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

    private static String perDay(long alerts, BacktestEvidence evidence) {
        return String.format(Locale.ROOT, "%.1f", alerts / (double) evidence.days());
    }

    private static String share(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
