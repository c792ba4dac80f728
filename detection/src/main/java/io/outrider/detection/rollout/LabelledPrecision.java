package io.outrider.detection.rollout;

import io.outrider.core.alert.Receipt;
import io.outrider.core.drift.PrecisionChange;
import io.outrider.core.model.FusedScore;
import io.outrider.core.model.Model;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.port.LabelledTransactions;
import io.outrider.core.port.LabelledTransactions.Labelled;
import io.outrider.core.port.ModelSource;
import io.outrider.core.review.Share;
import io.outrider.core.rollout.LabelReport;
import io.outrider.core.rollout.LabelReport.Hits;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What labels say of models. A challenger has raised no alert that anybody could have labelled, so it is asked again about the
 * vectors of what has a label; so is the champion, that both are asked about the same. Calls block. Thread-safe.
 */
public final class LabelledPrecision {

    private static final Duration BACK = Duration.ofDays(35);
    private static final Duration RECENT = Duration.ofDays(7);

    /** The store is read as a whole, and the gate may ask every few seconds. */
    private static final Duration FRESH = Duration.ofMinutes(1);

    private final LabelledTransactions labelled;
    private final ModelSource models;
    private final Clock clock;
    private @Nullable Compared last;

    private record Compared(String champion, String challenger, long atMs, LabelReport report) {}

    public LabelledPrecision(LabelledTransactions labelled, ModelSource models, Clock clock) {
        this.labelled = labelled;
        this.models = models;
        this.clock = clock;
    }

    /** Both models on all that has a label and is younger than what either was trained on; at most a minute old. */
    synchronized LabelReport compare(String champion, String challenger) throws IOException {
        Compared known = last;
        if (known != null
                && known.champion().equals(champion)
                && known.challenger().equals(challenger)
                && clock.millis() - known.atMs() < FRESH.toMillis()) {
            return known.report();
        }
        Asked decides = new Asked(models.load(champion));
        Asked compared = new Asked(models.load(challenger));
        long sinceMs = Math.max(decides.dataToMs(), compared.dataToMs());
        long[] count = new long[1];
        labelled.forEach(BACK, one -> {
            if (one.eventTimeMs() > sinceMs && decides.knows(one.receipt()) && compared.knows(one.receipt())) {
                count[0]++;
                decides.ask(one);
                compared.ask(one);
            }
        });
        LabelReport report = new LabelReport(sinceMs, count[0], decides.hits, compared.hits);
        last = new Compared(champion, challenger, clock.millis(), report);
        return report;
    }

    /** The champion's own alerts, lately and before; null while there are too few labels. */
    @Nullable
    PrecisionChange change(ModelManifest champion) throws IOException {
        List<Labelled> alerts = new ArrayList<>();
        labelled.forEach(BACK, one -> {
            if (one.alerted() && one.receipt().context().modelVersion().equals(champion.version())) {
                alerts.add(one);
            }
        });
        long newest = alerts.stream().mapToLong(Labelled::eventTimeMs).max().orElse(0);
        Hits recent = Hits.NONE;
        Hits before = Hits.NONE;
        for (Labelled alert : alerts) {
            if (alert.eventTimeMs() > newest - RECENT.toMillis()) {
                recent = recent.with(alert.fraud());
            } else {
                before = before.with(alert.fraud());
            }
        }
        Share usual = before.alerts() >= PrecisionChange.MIN_LABELS ? before.precision() : tested(champion.metrics());
        return usual == null || recent.alerts() < PrecisionChange.MIN_LABELS
                ? null
                : new PrecisionChange(
                        recent.precision(),
                        recent.alerts(),
                        usual,
                        before.alerts() >= PrecisionChange.MIN_LABELS ? before.alerts() : 0);
    }

    private static @Nullable Share tested(Map<String, Double> metrics) {
        Double precision = metrics.get("precision_at_threshold");
        Double low = metrics.get("precision_at_threshold.low");
        Double high = metrics.get("precision_at_threshold.high");
        return precision == null || low == null || high == null ? null : new Share(precision, low, high);
    }

    /** A model that is asked about vectors, one after another. */
    private static final class Asked {
        private final Model model;
        private final List<String> features;
        private final double[] vector;
        private final float[] scratch;
        private Hits hits = Hits.NONE;

        Asked(Model model) {
            this.model = model;
            this.features = model.manifest().plan().features();
            this.vector = new double[features.size()];
            this.scratch = FusedScore.scratch(features.size());
        }

        long dataToMs() {
            return model.manifest().origin().dataTo().toEpochMilli();
        }

        boolean knows(Receipt receipt) {
            return model.manifest().planFingerprint().equals(receipt.planFingerprint());
        }

        void ask(Labelled one) {
            for (int i = 0; i < vector.length; i++) {
                vector[i] = one.receipt().vector().getOrDefault(features.get(i), Double.NaN);
            }
            if (model.isAnomalous(model.raw(vector, scratch))) {
                hits = hits.with(one.fraud());
            }
        }
    }
}
