package io.outrider.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * An immutable model snapshot: scores the vectors of its plan, says which are anomalous, and attributes scores to
 * features. Shared between threads.
 */
public final class Model {

    private final ModelManifest manifest;
    private final FusedScore score;
    private final SingleChange singleChange;
    private final Limit limit;

    private Model(ModelManifest manifest, FusedScore score) {
        this.manifest = manifest;
        this.score = score;
        this.singleChange = new SingleChange(score, manifest.plan().features().size());
        this.limit = Limit.of(manifest.policy().rawThreshold(), manifest.calibration());
    }

    /** What is decided once a score is fitted: all of a manifest that is not in the score itself. */
    public record Decided(
            ModelManifest.Plan plan,
            Calibration calibration,
            PolicyTerms policy,
            ModelManifest.Origin origin,
            Map<String, Double> metrics,
            @Nullable Reference reference,
            @Nullable Lineage lineage) {

        /** Without reference and lineage. */
        public Decided(
                ModelManifest.Plan plan,
                Calibration calibration,
                PolicyTerms policy,
                ModelManifest.Origin origin,
                Map<String, Double> metrics) {
            this(plan, calibration, policy, origin, metrics, null, null);
        }
    }

    /** A new model; its version follows from its content. */
    public static Model of(FusedScore score, Decided decided) {
        List<String> names = decided.plan().features();
        List<ModelManifest.Ensemble> ensembles = new ArrayList<>();
        for (TreePart part : score.ensembles()) {
            List<String> inputs = new ArrayList<>();
            for (int column : part.columns()) {
                inputs.add(names.get(column));
            }
            ensembles.add(new ModelManifest.Ensemble(
                    part.name(), inputs, part.curve(), part.weight(), EnsembleDigest.of(part.trees())));
        }
        List<ModelManifest.Piece> pieces = new ArrayList<>();
        for (Evidence piece : score.evidence()) {
            pieces.add(new ModelManifest.Piece(
                    names.get(piece.column()), piece.lower(), piece.curve(), piece.weight(), piece.expected()));
        }
        ModelManifest unnamed = new ModelManifest(
                ModelManifest.FORMAT_VERSION,
                "",
                decided.plan(),
                ensembles,
                pieces,
                decided.calibration(),
                decided.policy(),
                decided.origin(),
                decided.metrics(),
                decided.reference(),
                decided.lineage());
        return new Model(unnamed.withVersion(ModelManifestCodec.versionOf(unnamed)), score);
    }

    /** The same model with what was learnt of it afterwards: its metrics and where it comes from. Its version is another. */
    public Model documented(Map<String, Double> metrics, Lineage lineage) {
        return of(
                score,
                new Decided(
                        manifest.plan(),
                        manifest.calibration(),
                        manifest.policy(),
                        manifest.origin(),
                        metrics,
                        manifest.reference(),
                        lineage));
    }

    /**
     * A model as it was stored.
     *
     * @param trees the ensembles by name
     * @throws IllegalArgumentException if an ensemble is missing or anything differs from what the manifest promises
     */
    public static Model restore(ModelManifest manifest, Map<String, TreeEnsemble> trees) {
        List<TreePart> parts = new ArrayList<>();
        for (ModelManifest.Ensemble ensemble : manifest.ensembles()) {
            TreeEnsemble found = trees.get(ensemble.name());
            if (found == null) {
                throw new IllegalArgumentException("ensemble " + ensemble.name() + " is missing");
            }
            if (!EnsembleDigest.of(found).equals(ensemble.sha256())) {
                throw new IllegalArgumentException("ensemble " + ensemble.name() + " is not the manifest's");
            }
            int[] columns = new int[ensemble.features().size()];
            for (int i = 0; i < columns.length; i++) {
                columns[i] = manifest.plan().column(ensemble.features().get(i));
            }
            parts.add(new TreePart(ensemble.name(), found, columns, ensemble.curve(), ensemble.weight()));
        }
        List<Evidence> evidence = new ArrayList<>();
        for (ModelManifest.Piece piece : manifest.evidence()) {
            evidence.add(new Evidence(
                    manifest.plan().column(piece.feature()),
                    piece.lower(),
                    piece.curve(),
                    piece.weight(),
                    piece.expected()));
        }
        return new Model(manifest, new FusedScore(parts, evidence));
    }

    public ModelManifest manifest() {
        return manifest;
    }

    /** The score before calibration, and its parts. */
    public FusedScore fused() {
        return score;
    }

    /** Length of the vectors it scores. */
    public int features() {
        return manifest.plan().features().size();
    }

    /** Raw score of a vector; see {@link FusedScore#raw(double[], float[])}. */
    public double raw(double[] vector, float[] scratch) {
        return score.raw(vector, scratch);
    }

    /** Raw scores of the first so many vectors; see {@link FusedScore#raw(double[][], int)}. */
    public double[] raw(double[][] vectors, int count) {
        return score.raw(vectors, count);
    }

    /** Calibrated score, in [0, 1], of a raw one; see {@link Calibration}. */
    public double score(double raw) {
        return manifest.calibration().score(raw);
    }

    /** Whether a raw score is at or above the threshold. */
    public boolean isAnomalous(double raw) {
        return raw >= manifest.policy().rawThreshold();
    }

    /**
     * Attributes a vector's calibrated score to its features.
     *
     * <p>The raw score's parts are additive (see {@link FusedScore}); the calibration is not a straight line, so they
     * are stretched by its mean slope between the expected raw score and the actual one: signs and proportions stay, and
     * the parts sum to (score - expected score).
     */
    public Explanation explain(double[] vector) {
        double[] parts = new double[features()];
        score.explain(vector, parts);
        double raw = score.raw(vector, FusedScore.scratch(vector.length));
        double expected = score(score.expected());
        double actual = score(raw);
        double sum = 0;
        for (double part : parts) {
            sum += part;
        }
        double slope = sum == 0 ? 0 : (actual - expected) / sum;
        for (int i = 0; i < parts.length; i++) {
            parts[i] *= slope;
        }
        return new Explanation(actual, expected, parts);
    }

    /**
     * A score and where it comes from.
     *
     * @param score calibrated score
     * @param expectedScore calibrated score of the expected evidence
     * @param contributions each feature's signed part, in plan order; they sum to (score - expectedScore)
     */
    public record Explanation(double score, double expectedScore, double[] contributions) {}

    /**
     * The smallest change to one of the given features that would have kept a vector below the threshold, its raw score
     * and its calibrated one, or null if none alone would. Changes of different features are compared in units of the feature's spread in the model.
     *
     * @param values which values the feature of a column can have
     */
    public @Nullable Change smallestChange(double[] vector, IntFunction<Values> values, int... columns) {
        return singleChange.smallest(vector, columns, values, limit);
    }

    /**
     * A change to one feature.
     *
     * @param column the feature's place in the vector
     * @param raw the raw score after the change
     */
    public record Change(int column, double from, double to, double raw) {}
}
