package io.outrider.training.fit;

import io.outrider.core.feature.Feature;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.Calibration;
import io.outrider.core.model.Curve;
import io.outrider.core.model.FeatureMatrix;
import io.outrider.core.model.FusedScore;
import io.outrider.core.model.Model;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.model.ModelTrainer;
import io.outrider.core.model.Reference;
import io.outrider.core.model.TreeEnsemble;
import io.outrider.core.model.TreePart;
import io.outrider.core.pace.Pace;
import io.outrider.lake.model.ReadyForest;
import io.outrider.training.supervised.GradientBoosting;
import io.outrider.training.supervised.Labels;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Fits a model on training rows. Calibration and threshold come from rows later than those fitted on: the forest leaves
 * the last fifth of its rows to them, or what of it is new enough; a supervised model is fitted on all but the last quarter of its time to place the
 * threshold there, and then once more on everything (its scores are log-odds, so the threshold carries over);
 * the two fits run side by side in two threads where the pace is full, and what comes out does not depend on it.
 */
public final class ModelFit {

    /** Name of the supervised ensemble in a model. */
    static final String BOOSTING = "gradient_boosting";

    /** Stands in manifests; raised whenever the same rows and seed would give another model, which ModelFitTest looks to. */
    public static final String CODE_VERSION = "3";

    private static final double FOREST_SHARE = 0.8;

    private final TrainingSettings settings;
    private final ModelManifest.Plan plan;
    private final long seed;
    private final @Nullable ReadyForest ready;
    private final Pace pace;

    public ModelFit(TrainingSettings settings, FeaturePlan plan, long seed, Pace pace) {
        this(settings, plan, seed, null, pace);
    }

    /**
     * What fits on vectors of the plan.
     *
     * @param ready a forest to take as it is instead of growing one, or null
     * @throws IllegalArgumentException if the plan lacks one of its features
     */
    public ModelFit(TrainingSettings settings, FeaturePlan plan, long seed, @Nullable ReadyForest ready, Pace pace) {
        this.settings = settings;
        this.plan = new ModelManifest.Plan(
                plan.name(),
                plan.fingerprint(),
                plan.features().stream().map(Feature::name).toList());
        this.seed = seed;
        this.ready = ready;
        this.pace = pace;
        if (ready != null) {
            requireFeatures(ready);
        }
    }

    private void requireFeatures(ReadyForest forest) {
        for (String feature : forest.features()) {
            if (!plan.features().contains(feature)) {
                throw new IllegalArgumentException(forest.file() + ": plan " + plan.name() + " has no feature "
                        + feature + "; it has " + String.join(", ", plan.features()));
            }
        }
    }

    /** Fits on the rows; IllegalArgumentException says why if they can't serve. */
    public FittedModel fit(TrainingRows rows, ModelKind kind) {
        if (rows.size() == 0) {
            throw new IllegalArgumentException("no event on the training days");
        }
        boolean supervised = kind != ModelKind.FOREST && rows.serveSupervised();
        if (kind == ModelKind.SUPERVISED && !supervised) {
            throw new IllegalArgumentException("a supervised model needs frauds and genuine events among the labels "
                    + "known at the end of training, to fit on and later ones to place the threshold on: "
                    + rows.labelCounts());
        }
        return supervised ? supervised(rows) : FittedModel.of(ModelKind.FOREST, forest(rows), List.of());
    }

    private Model forest(TrainingRows training) {
        ThinnedRows rows = training.all();
        int split = Math.max((int) (rows.size() * FOREST_SHARE), rows.before(training.calibrateFrom()));
        FeatureMatrix earlier = rows.matrix().slice(0, split);
        FusedScore score = ready == null
                ? ModelTrainer.fit(settings.recipe(), plan, earlier, seed, pace)
                : ModelTrainer.fitAround(ready.trees(), ready.features(), settings.recipe(), plan, earlier);
        FeatureMatrix later = rows.matrix().slice(split, rows.size());
        double[] raw = score.raw(later, pace);
        double threshold = settings.alerts().withoutLabels().threshold(raw, new boolean[0]);
        return decided(score, later, raw, threshold, Span.of(rows));
    }

    private FittedModel supervised(TrainingRows rows) {
        int[] columns = settings.supervisedColumns(plan.features());
        ThinnedRows later = rows.later();
        boolean[] labels = new boolean[later.size()];
        for (int row = 0; row < labels.length; row++) {
            labels[row] = later.fraud(row);
        }
        FutureTask<TreeEnsemble> earlyFit = new FutureTask<>(() -> boosted(rows, columns, rows.laterFrom()));
        if (pace.isFull()) {
            new Thread(earlyFit, "fit-for-threshold").start();
        } else {
            earlyFit.run();
        }
        FusedScore score = scored(boosted(rows, columns, Long.MAX_VALUE), columns, rows);
        FusedScore early = scored(result(earlyFit), columns, rows);
        double[] raw = early.raw(later.matrix(), pace);
        double threshold = settings.alerts().withLabels().threshold(raw, labels);
        Span labelled = Span.of(rows.frauds()).and(Span.of(rows.genuine()));
        Model model = decided(score, later.matrix(), raw, threshold, labelled.until(Span.of(later)));
        return FittedModel.of(ModelKind.SUPERVISED, model, belowTarget(precision(raw, labels, threshold)));
    }

    private static double precision(double[] raw, boolean[] labels, double threshold) {
        int alerts = 0;
        int frauds = 0;
        for (int row = 0; row < raw.length; row++) {
            boolean alert = raw[row] >= threshold;
            alerts += alert ? 1 : 0;
            frauds += alert && labels[row] ? 1 : 0;
        }
        return frauds / Math.max(1.0, alerts);
    }

    private List<String> belowTarget(double precision) {
        double target = settings.alerts().targetPrecision();
        return precision >= target
                ? List.of()
                : List.of(String.format(
                        Locale.ROOT,
                        "no threshold reaches outrider.alert.target-precision, %s, on the rows that it is placed on: it lies where"
                                + " their precision is best, %.4f",
                        target,
                        precision));
    }

    private static TreeEnsemble result(FutureTask<TreeEnsemble> fit) {
        try {
            return fit.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the fit that places the threshold failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while fitting", e);
        }
    }

    private TreeEnsemble boosted(TrainingRows rows, int[] columns, long before) {
        FeatureMatrix matrix = new FeatureMatrix(plan.features().size());
        int frauds = addBefore(rows.frauds(), before, matrix);
        addBefore(rows.genuine(), before, matrix);
        boolean[] labels = new boolean[matrix.rows()];
        Arrays.fill(labels, 0, frauds, true);
        double share = rows.genuine().share() / rows.frauds().share();
        return GradientBoosting.fit(matrix, columns, new Labels(labels, share), settings.boosting(), seed, pace);
    }

    private static int addBefore(ThinnedRows rows, long before, FeatureMatrix to) {
        double[] vector = new double[to.width()];
        int added = 0;
        for (int row = 0; row < rows.size() && rows.time(row) < before; row++) {
            rows.matrix().copyRow(row, vector);
            to.add(vector);
            added++;
        }
        return added;
    }

    private FusedScore scored(TreeEnsemble trees, int[] columns, TrainingRows rows) {
        UnknownCompromise compromise = settings.unknownCompromise();
        FeatureMatrix genuine = rows.genuine().matrix();
        if (!compromise.appliesTo(plan.features(), genuine)) {
            return new FusedScore(List.of(new TreePart(BOOSTING, trees, columns, Curve.line(1), 1)), List.of());
        }
        Curve flattened = compromise.ensembleCurve(plan.features(), genuine);
        return new FusedScore(
                List.of(new TreePart(BOOSTING, trees, columns, flattened, 1)),
                List.of(compromise.evidence(plan.features(), genuine)));
    }

    /** First and last event time of rows, milliseconds since the epoch, and how many they stand for. */
    private record Span(long fromMs, long toMs, long rows) {

        static Span of(ThinnedRows rows) {
            return new Span(rows.time(0), rows.time(rows.size() - 1), rows.seen());
        }

        Span and(Span other) {
            return new Span(Math.min(fromMs, other.fromMs), Math.max(toMs, other.toMs), rows + other.rows);
        }

        /** The same rows, and others only looked at. */
        Span until(Span other) {
            return new Span(fromMs, Math.max(toMs, other.toMs), rows);
        }
    }

    private Model decided(FusedScore score, FeatureMatrix later, double[] raw, double threshold, Span fitted) {
        ModelManifest.Origin origin = new ModelManifest.Origin(
                CODE_VERSION,
                seed,
                Instant.ofEpochMilli(fitted.fromMs()),
                Instant.ofEpochMilli(fitted.toMs()),
                fitted.rows(),
                Map.of());
        return Model.of(
                score,
                new Model.Decided(
                        plan,
                        Calibration.fit(raw),
                        settings.alerts().terms(threshold),
                        origin,
                        Map.of(),
                        Reference.of(plan.features(), later, raw, pace),
                        null));
    }
}
