package io.outrider.training.run;

import io.outrider.core.model.FeatureMatrix;
import io.outrider.core.model.ModelRecipe;
import io.outrider.core.pace.Pace;
import io.outrider.training.dataset.DatasetRow;
import io.outrider.training.etl.KnownLabels;
import io.outrider.training.fit.HashedRows;
import io.outrider.training.fit.TrainingRows;
import io.outrider.training.fit.TrainingSettings;
import java.util.List;
import java.util.Optional;

/** Samples of a dataset's rows in bounded space: of all, of the genuine ones and of the frauds. Belongs to one thread. */
final class TrainingSamples {

    private final RunSettings settings;
    private final HashedRows all;
    private final HashedRows genuine;
    private final HashedRows frauds;

    TrainingSamples(TrainingSettings training, RunSettings settings) {
        this.settings = settings;
        this.all = new HashedRows(training.unlabelledRows(), settings.seed());
        this.genuine = new HashedRows(training.genuineRows(), settings.seed());
        this.frauds = new HashedRows(training.fraudRows(), settings.seed());
    }

    /** Takes a row with what is known of it. */
    void add(DatasetRow row, Optional<KnownLabels.Known> label) {
        Boolean fraud = label.map(KnownLabels.Known::fraud).orElse(null);
        HashedRows ofItsKind = fraud == null ? all : fraud ? frauds : genuine;
        int partition = row.partition();
        long sequenceNumber = row.sequenceNumber();
        if (!all.wants(partition, sequenceNumber) && !ofItsKind.wants(partition, sequenceNumber)) {
            return;
        }
        HashedRows.Row one = new HashedRows.Row(
                partition,
                sequenceNumber,
                row.eventTimeMs(),
                fraud,
                label.map(KnownLabels.Known::knownAtMs).orElse(Long.MAX_VALUE),
                row.vector().clone());
        all.add(one);
        if (fraud != null) {
            ofItsKind.add(one);
        }
    }

    /** What the samples are cut into. */
    Cut cut() throws TrainingRefusedException {
        HashedRows.Sample rows = all.sample();
        if (rows.rows().size() < settings.gate().minRows()) {
            throw new TrainingRefusedException(List.of("too few rows: "
                    + rows.rows().size() + ", at least " + settings.gate().minRows() + " are needed"));
        }
        Slices slices = Slices.of(rows, settings);
        HashedRows.Sample until = rows.between(slices.fitFromMs(), slices.testFromMs());
        return new Cut(
                slices,
                settings,
                until,
                new TrainingRows.Labelled(
                        genuine.sample()
                                .between(slices.fitFromMs(), slices.knownUntilMs())
                                .knownBy(slices.testFromMs()),
                        frauds.sample()
                                .between(slices.fitFromMs(), slices.knownUntilMs())
                                .knownBy(slices.testFromMs()),
                        until.knownBy(slices.testFromMs())));
    }

    /**
     * The rows to fit and calibrate on.
     *
     * @param all labels are not looked at
     * @param labelled those whose label is known when the model is fitted
     */
    record Cut(Slices slices, RunSettings settings, HashedRows.Sample all, TrainingRows.Labelled labelled) {

        /** Why they can't serve, one sentence each; what is only worth knowing goes to the notes. */
        List<String> problems(List<String> names, ModelRecipe recipe, List<String> notes, Pace pace) {
            int rows = all.rows().size();
            if (rows < settings.gate().minRows()) {
                return List.of("too few rows to fit and calibrate on: " + rows + ", at least "
                        + settings.gate().minRows() + " are needed");
            }
            FeatureCheck check = new FeatureCheck(names, pace);
            List<String> constant = check.constant(all.rows());
            List<String> used =
                    recipe.forestFeatures().stream().filter(constant::contains).toList();
            if (!used.isEmpty()) {
                return List.of("constant features: " + String.join(", ", used)
                        + " never change in the rows to fit on, and the recipe's forest is to learn from them");
            }
            if (!constant.isEmpty()) {
                notes.add("constant, and so of no use: " + String.join(", ", constant));
            }
            boolean enough = labelled.frauds().rows().size() >= settings.gate().minFrauds();
            return enough
                    ? check.leaks(
                            labelled.genuine().rows(),
                            labelled.frauds().rows(),
                            settings.gate().maxSingleFeatureAuc())
                    : List.of();
        }

        TrainingRows rows(int width) {
            return new TrainingRows(
                    width,
                    new TrainingRows.Known(slices.fitFromMs(), slices.knownUntilMs()),
                    slices.calibrateFromMs(),
                    all,
                    labelled);
        }

        FeatureMatrix matrix(int width) {
            return all.matrix(width);
        }
    }
}
