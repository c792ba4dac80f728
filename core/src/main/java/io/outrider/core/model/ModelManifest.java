package io.outrider.core.model;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything about a model but its trees: what it scores, how its parts are fused and calibrated, what it decides, and
 * where it came from. Its JSON form ({@link ModelManifestCodec}) stands beside {@code model.onnx} as
 * {@code manifest.json}.
 *
 * @param formatVersion version of this format, {@value #FORMAT_VERSION}
 * @param version the model's version in the registry: the day its training data ends and the beginning of the content's
 *     SHA-256, so that the same model has the same version wherever it was made
 * @param plan the feature plan whose vectors it scores
 * @param ensembles the tree ensembles, in the order of their parts in the score
 * @param evidence evidence beside the trees
 * @param calibration raw score to -ln(1 - calibrated score)
 * @param policy threshold, cool-down, severities, review
 * @param origin data, seed and code it was made from
 * @param metrics what evaluation measured, by name
 * @param reference how features and score were distributed when it was calibrated; null in models of before there was any
 * @param lineage what it was trained on and with; null where it was not trained on a dataset
 */
public record ModelManifest(
        int formatVersion,
        String version,
        Plan plan,
        List<Ensemble> ensembles,
        List<Piece> evidence,
        Calibration calibration,
        PolicyTerms policy,
        Origin origin,
        Map<String, Double> metrics,
        @Nullable Reference reference,
        @Nullable Lineage lineage) {

    /** The format this code writes. */
    public static final int FORMAT_VERSION = 1;

    public ModelManifest {
        ensembles = List.copyOf(ensembles);
        evidence = List.copyOf(evidence);
        metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
    }

    /**
     * The feature plan.
     *
     * @param features names of all its features, in the vector's order
     */
    public record Plan(String name, String fingerprint, List<String> features) {

        public Plan {
            features = List.copyOf(features);
        }

        /** The place of a feature in the vector; IllegalArgumentException if the plan has none of this name. */
        public int column(String feature) {
            int column = features.indexOf(feature);
            if (column < 0) {
                throw new IllegalArgumentException("plan " + name + " has no feature " + feature);
            }
            return column;
        }
    }

    /**
     * A tree ensemble, stored in {@code model.onnx} under its name.
     *
     * @param features names of its inputs, in order
     * @param sha256 lower-case hex digest of its arrays, see {@link EnsembleDigest}
     */
    public record Ensemble(String name, List<String> features, Curve curve, double weight, String sha256) {

        public Ensemble {
            features = List.copyOf(features);
        }
    }

    /** Evidence of one feature, as {@link Evidence} has it. */
    public record Piece(String feature, boolean lower, Curve curve, double weight, double expected) {}

    /**
     * Where a model came from; the same origin gives the same model.
     *
     * @param codeVersion version of the code that made it
     * @param seed seed of all chance in the fit
     * @param dataFrom event time of the first training row
     * @param dataTo event time of the last row that was used, for calibration too
     * @param rows rows it was fitted on
     * @param details data set, settings and the like, by name
     */
    public record Origin(
            String codeVersion, long seed, Instant dataFrom, Instant dataTo, long rows, Map<String, String> details) {

        public Origin {
            details = Collections.unmodifiableMap(new TreeMap<>(details));
        }
    }

    /** The calibrated score from which on a transaction is anomalous. */
    public double threshold() {
        return calibration.score(policy.rawThreshold());
    }

    /** Shorthand for the plan's fingerprint. */
    public String planFingerprint() {
        return plan.fingerprint();
    }

    ModelManifest withVersion(String newVersion) {
        return new ModelManifest(
                formatVersion,
                newVersion,
                plan,
                ensembles,
                evidence,
                calibration,
                policy,
                origin,
                metrics,
                reference,
                lineage);
    }
}
