package io.outrider.training.evaluation;

import io.outrider.core.event.Transaction;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.pace.Pace;
import io.outrider.lake.files.FileEvent;
import io.outrider.training.fit.FittedModel;
import io.outrider.training.fit.ModelFit;
import io.outrider.training.fit.Progress;
import io.outrider.training.fit.TrainingRows;
import io.outrider.training.fit.TrainingSettings;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates a method on a history without a broker, as it would have run: one pass in event order through the live
 * feature plan and risk ledger; before the first event of the test days, the model is fitted on the training days with
 * the labels known by then; it stays as it is while the test days are scored and state and risk roll on. A label counts
 * from its event time plus the label delay, in features as in fitting, and never earlier. Belongs to one thread.
 */
public final class Evaluation {

    private static final long PROGRESS_EVERY = 10_000;

    private final EvaluateRequest request;
    private final TrainingSettings settings;
    private final Progress progress;
    private final FeaturePlan plan;
    private final ModelFit fit;
    private TrainingRows training;
    private long trainingRows;
    private final TestRows test;
    private @Nullable FittedModel fitted;
    private long fitNanos;
    private long events;

    private Evaluation(EvaluateRequest request, TrainingSettings settings, Progress progress) {
        this.request = request;
        this.settings = settings;
        this.progress = progress;
        this.plan = FeaturePlan.named(settings.plan());
        this.fit = new ModelFit(settings, plan, request.seed(), request.ready(), Pace.FULL);
        this.training = noRows();
        this.test = new TestRows(request);
    }

    /**
     * Runs an evaluation.
     *
     * @throws IOException if a file can't be read or is no history
     * @throws IllegalArgumentException if the files can't serve the request; the message says why
     */
    public static EvaluationResult run(EvaluateRequest request, TrainingSettings settings, Progress progress)
            throws IOException {
        Evaluation evaluation = new Evaluation(request, settings, progress);
        return evaluation.run(new ReplayedEvents(request, evaluation.plan, settings));
    }

    /**
     * Runs an evaluation on a dataset's version, with the vectors that ETL computed.
     *
     * @param request whose files are not looked at; its label delay must be the dataset's
     * @throws IOException if the dataset can't be read
     * @throws IllegalArgumentException if the dataset can't serve the request; the message says why
     */
    public static EvaluationResult run(
            EvaluateRequest request, DatasetSource dataset, TrainingSettings settings, Progress progress)
            throws IOException {
        if (!request.labelDelay().equals(dataset.labelDelay())) {
            throw new IllegalArgumentException("in dataset " + dataset.version().dataset() + ", labels are known after "
                    + dataset.labelDelay() + ", not after " + request.labelDelay());
        }
        Evaluation evaluation = new Evaluation(request, settings, progress);
        return evaluation.run(
                new DatasetEvents(dataset, evaluation.plan, request.test().startMs()));
    }

    private EvaluationResult run(EvaluationEvents history) throws IOException {
        long started = System.nanoTime();
        try (EvaluationEvents reader = history) {
            for (FileEvent event = reader.next();
                    event != null
                            && event.transaction().eventTimeMs()
                                    < request.test().endMs();
                    event = reader.next()) {
                take(event, reader);
                if (++events % PROGRESS_EVERY == 0) {
                    progress.at("replay", reader.fractionRead());
                }
            }
            double seconds = (System.nanoTime() - started) / 1e9;
            EvaluationResult.Rejected rejected =
                    new EvaluationResult.Rejected(reader.rejected(), reader.rejectedExamples());
            reader.requireOrderToTheEnd();
            progress.at("replay", 1);
            if (fitted == null) {
                throw new IllegalArgumentException("no event on or after the first test day, "
                        + request.test().from() + rejected.aside());
            }
            return test.result(
                    fitted, new EvaluationResult.Run(events, rejected, seconds, fitNanos / 1e9, trainingRows));
        }
    }

    private TrainingRows noRows() {
        long knownBy = request.test().startMs() - request.labelDelay().toMillis();
        return new TrainingRows(
                plan.size(),
                new TrainingRows.Known(
                        request.train().startMs(),
                        Math.min(knownBy, request.train().endMs())),
                settings);
    }

    private void take(FileEvent row, EvaluationEvents reader) {
        double[] vector = reader.vector();
        Transaction event = row.transaction();
        if (fitted == null && event.eventTimeMs() >= request.test().startMs()) {
            fit(reader);
        }
        if (request.train().include(event)) {
            training.add(vector, event);
        }
        test.learn(event);
        if (fitted != null && request.test().include(event)) {
            test.add(row, fitted.model().raw(vector, fitted.scratch()));
        }
    }

    private void fit(EvaluationEvents reader) {
        progress.at("fit", 0);
        long started = System.nanoTime();
        try {
            fitted = fit.fit(training, request.kind());
        } catch (IllegalArgumentException e) {
            reader.requireOrderToTheEnd(); // what is missing may only come too late
            throw e;
        }
        trainingRows = training.size();
        training = noRows();
        fitNanos = System.nanoTime() - started;
        progress.at("fit", 1);
    }
}
