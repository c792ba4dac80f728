package io.outrider.training.run;

import io.outrider.core.model.SplitMix;
import io.outrider.training.dataset.DatasetRow;
import io.outrider.training.etl.KnownLabels;
import io.outrider.training.evaluation.CardPrecision;
import io.outrider.training.fit.HashedRows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The test slice as it is scored: labelled rows with the score of each of the compared, thinned by hash where there are too many;
 * alerts are counted over all rows. Rows whose truth is not settled yet have no label, nor have those that one of the compared was
 * trained on. Rows come by event date. Belongs to one thread.
 */
final class TestSlice {

    private static final int CARDS_A_DAY = 100;

    /** Keeps the draw apart from that of the rows to fit on. */
    private static final long DRAW = 0x7E57;

    private final RunSettings settings;
    private final Truth truth;
    private final long seenUntilMs;
    private final List<Scorer> scorers;
    private final List<CardPrecision> cards = new ArrayList<>();
    private final Map<String, Integer> accounts = new HashMap<>();
    private List<Row> kept = new ArrayList<>();
    private double bar = 1;
    private long rows;
    private long alerts;
    private long young;
    private long seen;

    /**
     * A labelled row.
     *
     * @param account its number, in order of appearance
     * @param scenario what kind of fraud it is, where a label told
     * @param scores one per scorer
     * @param segments one per segment column
     */
    record Row(
            double draw,
            int account,
            boolean fraud,
            @Nullable String scenario,
            double[] scores,
            @Nullable String[] segments) {}

    /**
     * No row yet.
     *
     * @param seenUntilMs event time up to which one of the compared may have been trained on the rows, milliseconds since the epoch
     * @param scorers the first is the model that is tested
     */
    TestSlice(RunSettings settings, Truth truth, long seenUntilMs, List<Scorer> scorers) {
        this.settings = settings;
        this.truth = truth;
        this.seenUntilMs = seenUntilMs;
        this.scorers = scorers;
        scorers.forEach(scorer -> cards.add(new CardPrecision(CARDS_A_DAY)));
    }

    /** Takes a row. */
    void add(DatasetRow row) {
        KnownLabels.Known known = label(row);
        double[] scores = new double[known == null ? 1 : scorers.size()]; // without a label nothing is compared
        for (int i = 0; i < scores.length; i++) {
            scores[i] = scorers.get(i).of().score(row.vector());
        }
        add(row, known, scores);
    }

    /** The same with the row's scores, one per scorer. */
    void add(DatasetRow row, double[] scores) {
        add(row, label(row), scores);
    }

    /** What the models are measured by; null for nothing. */
    private KnownLabels.@Nullable Known label(DatasetRow row) {
        if (row.eventTimeMs() <= seenUntilMs) {
            seen++;
            return null;
        }
        if (!truth.settled(row)) {
            young++;
            return null;
        }
        return truth.of(row).orElse(null);
    }

    private void add(DatasetRow row, KnownLabels.@Nullable Known known, double[] scores) {
        rows++;
        alerts += scores[0] >= scorers.get(0).threshold() ? 1 : 0;
        if (known == null) {
            return;
        }
        for (int i = 0; i < scores.length; i++) {
            cards.get(i).add(row.eventTimeMs(), row.account(), scores[i], known.fraud());
        }
        double draw = HashedRows.draw(SplitMix.mix(settings.seed() + DRAW), row.partition(), row.sequenceNumber());
        if (draw < bar) {
            keep(draw, row, known, scores);
        }
    }

    private void keep(double draw, DatasetRow row, KnownLabels.Known known, double[] scores) {
        @Nullable String[] segments = new @Nullable String[settings.segments().size()];
        for (int i = 0; i < segments.length; i++) {
            segments[i] = row.text(settings.segments().get(i));
        }
        int account = accounts.computeIfAbsent(row.account(), name -> accounts.size());
        kept.add(new Row(draw, account, known.fraud(), known.scenario(), scores, segments));
        while (kept.size() > settings.testRows()) {
            bar /= 2;
            double now = bar;
            kept = new ArrayList<>(kept.stream().filter(one -> one.draw() < now).toList());
        }
    }

    /** What was left out of what is measured by labels, and why. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (seen > 0) {
            notes.add(
                    (seen == rows ? "all " : "") + seen + " rows up to " + Instant.ofEpochMilli(seenUntilMs)
                            + " count for alerts alone, and not for what is measured by labels: a model may have been trained on them");
        }
        if (young > 0) {
            notes.add(young
                    + " rows count for alerts alone, and not for what is measured by labels: they were younger than the label"
                    + " delay (" + settings.labelDelay()
                    + ") at the dataset's end, and not all of their frauds may have been reported");
        }
        return notes;
    }

    /** All rows, labelled or not. */
    long rows() {
        return rows;
    }

    /** Share of all rows that the model raises an alert on. */
    double alertRate() {
        return alerts / (double) Math.max(1, rows);
    }

    List<Row> labelled() {
        return kept;
    }

    int accounts() {
        return accounts.size();
    }

    /** Card Precision@100 of one of the scorers. */
    double cardPrecision(int scorer) {
        return cards.get(scorer).mean();
    }
}
