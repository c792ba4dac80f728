package io.outrider.core.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Model manifests as JSON (UTF-8, indented, fields in the record's order, each named as in {@link ModelManifest}; times
 * and durations in ISO-8601). Equal manifests give equal bytes, on every JDK. Unknown fields are ignored, so that a later
 * version may add some; a higher {@code formatVersion} is refused. Thread-safe.
 *
 * <p>A model's version is the digest of these bytes with an empty version in them: of the bytes as they lie in the lake, not of
 * what this code understands of them, so that a field of later code is covered, too.
 */
public final class ModelManifestCodec {

    /** Numbers are written by the library's own code: the JDK's has changed since 17. */
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .build());

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuuMMdd").withZone(ZoneOffset.UTC);

    private static final String UNNAMED = "\"version\" : \"\"";

    /** Of the digest, in the version. */
    private static final int DIGITS = 12;

    private ModelManifestCodec() {}

    public static byte[] encode(ModelManifest manifest) {
        ObjectNode root = JSON.createObjectNode();
        root.put("formatVersion", manifest.formatVersion());
        root.put("version", manifest.version());
        ObjectNode plan = root.putObject("plan");
        plan.put("name", manifest.plan().name());
        plan.put("fingerprint", manifest.plan().fingerprint());
        putStrings(plan.putArray("features"), manifest.plan().features());
        ArrayNode ensembles = root.putArray("ensembles");
        for (ModelManifest.Ensemble ensemble : manifest.ensembles()) {
            ObjectNode node = ensembles.addObject();
            node.put("name", ensemble.name());
            putStrings(node.putArray("features"), ensemble.features());
            putCurve(node.putObject("curve"), ensemble.curve());
            node.put("weight", ensemble.weight());
            node.put("sha256", ensemble.sha256());
        }
        ArrayNode evidence = root.putArray("evidence");
        for (ModelManifest.Piece piece : manifest.evidence()) {
            ObjectNode node = evidence.addObject();
            node.put("feature", piece.feature());
            node.put("lower", piece.lower());
            putCurve(node.putObject("curve"), piece.curve());
            node.put("weight", piece.weight());
            node.put("expected", piece.expected());
        }
        putCurve(root.putObject("calibration"), manifest.calibration().surprise());
        putPolicy(root.putObject("policy"), manifest.policy());
        putOrigin(root.putObject("origin"), manifest.origin());
        ObjectNode metrics = root.putObject("metrics");
        manifest.metrics().forEach(metrics::put);
        if (manifest.reference() != null) {
            ReferenceCodec.put(root.putObject("reference"), manifest.reference());
        }
        if (manifest.lineage() != null) {
            LineageCodec.put(root.putObject("lineage"), manifest.lineage());
        }
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
        } catch (IOException e) {
            throw new IllegalStateException("a tree of plain values can be written", e);
        }
    }

    private static void putStrings(ArrayNode array, List<String> values) {
        values.forEach(array::add);
    }

    private static void putCurve(ObjectNode node, Curve curve) {
        ArrayNode x = node.putArray("x");
        for (double v : curve.x()) {
            x.add(v);
        }
        ArrayNode y = node.putArray("y");
        for (double v : curve.y()) {
            y.add(v);
        }
        node.put("slopeBelow", curve.slopeBelow());
        node.put("slopeAbove", curve.slopeAbove());
    }

    private static void putPolicy(ObjectNode node, PolicyTerms policy) {
        node.put("rawThreshold", policy.rawThreshold());
        node.put("coolDown", policy.coolDown().toString());
        node.put("mediumFactor", policy.mediumFactor());
        node.put("highFactor", policy.highFactor());
        node.put("criticalFactor", policy.criticalFactor());
        node.put("reviewShare", policy.reviewShare());
    }

    private static void putOrigin(ObjectNode node, ModelManifest.Origin origin) {
        node.put("codeVersion", origin.codeVersion());
        node.put("seed", origin.seed());
        node.put("dataFrom", origin.dataFrom().toString());
        node.put("dataTo", origin.dataTo().toString());
        node.put("rows", origin.rows());
        ObjectNode details = node.putObject("details");
        origin.details().forEach(details::put);
    }

    /**
     * Inverse of {@link #encode}; IllegalArgumentException, naming the field, on bytes that are no manifest, or not those that
     * their version says.
     */
    public static ModelManifest decode(byte[] json) {
        try {
            ModelManifest manifest = manifest(new JsonField("manifest", JSON.readTree(json)));
            String named = "\"version\" : \"" + manifest.version() + "\"";
            String content = new String(json, StandardCharsets.UTF_8).replaceFirst(Pattern.quote(named), UNNAMED);
            String version = versionOf(content, manifest.origin().dataTo());
            if (!version.equals(manifest.version())) {
                throw new IllegalArgumentException(
                        "manifest says version " + manifest.version() + ", its content is that of " + version);
            }
            return manifest;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no model manifest: it is no JSON" + place(e.getLocation()), e);
        } catch (IOException | DateTimeException e) {
            throw new IllegalArgumentException("no model manifest: " + e.getMessage(), e);
        }
    }

    private static String place(@Nullable JsonLocation at) {
        return at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    }

    /** The version of a manifest that has none yet. */
    static String versionOf(ModelManifest unnamed) {
        return versionOf(
                new String(encode(unnamed), StandardCharsets.UTF_8),
                unnamed.origin().dataTo());
    }

    private static String versionOf(String content, Instant dataTo) {
        return DAY.format(dataTo) + "-" + EnsembleDigest.of(content).substring(0, DIGITS);
    }

    private static ModelManifest manifest(JsonField root) {
        int format = (int) root.get("formatVersion").number();
        if (format != ModelManifest.FORMAT_VERSION) {
            throw new IllegalArgumentException(
                    "model manifest of format " + format + ", this code reads " + ModelManifest.FORMAT_VERSION);
        }
        JsonField plan = root.get("plan");
        List<ModelManifest.Ensemble> ensembles = new ArrayList<>();
        for (JsonField e : root.get("ensembles").elements()) {
            ensembles.add(new ModelManifest.Ensemble(
                    e.get("name").text(),
                    e.get("features").texts(),
                    curve(e.get("curve")),
                    e.get("weight").number(),
                    e.get("sha256").text()));
        }
        List<ModelManifest.Piece> evidence = new ArrayList<>();
        for (JsonField e : root.get("evidence").elements()) {
            evidence.add(new ModelManifest.Piece(
                    e.get("feature").text(),
                    e.get("lower").truth(),
                    curve(e.get("curve")),
                    e.get("weight").number(),
                    e.get("expected").number()));
        }
        JsonField reference = root.optional("reference");
        JsonField lineage = root.optional("lineage");
        Map<String, Double> metrics = new TreeMap<>();
        root.get("metrics").entries().forEach((name, value) -> metrics.put(name, value.number()));
        return new ModelManifest(
                format,
                root.get("version").text(),
                new ModelManifest.Plan(
                        plan.get("name").text(),
                        plan.get("fingerprint").text(),
                        plan.get("features").texts()),
                ensembles,
                evidence,
                new Calibration(curve(root.get("calibration"))),
                policy(root.get("policy")),
                origin(root.get("origin")),
                metrics,
                reference == null ? null : ReferenceCodec.read(reference),
                lineage == null ? null : LineageCodec.read(lineage));
    }

    private static Curve curve(JsonField node) {
        return new Curve(
                node.get("x").numbers(),
                node.get("y").numbers(),
                node.get("slopeBelow").number(),
                node.get("slopeAbove").number());
    }

    private static PolicyTerms policy(JsonField node) {
        return new PolicyTerms(
                node.get("rawThreshold").number(),
                Duration.parse(node.get("coolDown").text()),
                node.get("mediumFactor").number(),
                node.get("highFactor").number(),
                node.get("criticalFactor").number(),
                node.get("reviewShare").number());
    }

    private static ModelManifest.Origin origin(JsonField node) {
        Map<String, String> details = new TreeMap<>();
        node.get("details").entries().forEach((name, value) -> details.put(name, value.text()));
        return new ModelManifest.Origin(
                node.get("codeVersion").text(),
                node.get("seed").wholeNumber(),
                Instant.parse(node.get("dataFrom").text()),
                Instant.parse(node.get("dataTo").text()),
                node.get("rows").wholeNumber(),
                details);
    }
}
