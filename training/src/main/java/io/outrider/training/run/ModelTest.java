package io.outrider.training.run;

import io.outrider.core.model.Model;
import io.outrider.core.pace.Pace;
import io.outrider.training.dataset.DatasetRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Measures a registered model, and perhaps another beside it, on rows of a dataset: by labels on those alone that are later than what
 * either was trained on. Rows come by event date. Belongs to one thread, but for the scores.
 */
public final class ModelTest {

    private final RunSettings settings;
    private final List<Model> models;
    private final List<Scorer> scorers = new ArrayList<>();
    private final TestSlice slice;

    /**
     * For rows of a dataset.
     *
     * @param against the other; null for none
     */
    public ModelTest(RunSettings settings, Truth truth, Model model, @Nullable Model against) {
        this.settings = settings;
        this.models = against == null ? List.of(model) : List.of(model, against);
        scorers.add(Scorer.of("model", model));
        if (against != null) {
            scorers.add(Scorer.of("against", against));
        }
        long seenUntilMs = models.stream()
                .mapToLong(one -> one.manifest().origin().dataTo().toEpochMilli())
                .max()
                .orElse(Long.MIN_VALUE);
        this.slice = new TestSlice(settings, truth, seenUntilMs, scorers);
    }

    /**
     * What was measured.
     *
     * @param metrics as in a manifest; the other model's under {@code baseline.against.}
     * @param notes what could not be measured, and why
     */
    public record Report(Map<String, Double> metrics, List<String> notes) {}

    /** For each vector the raw score of the model, and of the other. For any thread. */
    public double[][] scores(double[][] vectors) {
        double[][] scores = new double[vectors.length][models.size()];
        for (int model = 0; model < models.size(); model++) {
            double[] raw = models.get(model).raw(vectors, vectors.length);
            for (int i = 0; i < raw.length; i++) {
                scores[i][model] = raw[i];
            }
        }
        return scores;
    }

    /** Takes a row with its scores. */
    public void add(DatasetRow row, double[] scores) {
        slice.add(row, scores);
    }

    /** What the rows taken say, at a pace. */
    public Report report(Pace pace) {
        TestReport report = TestReport.of(slice, scorers, settings, pace);
        return new Report(report.metrics(), report.notes());
    }
}
