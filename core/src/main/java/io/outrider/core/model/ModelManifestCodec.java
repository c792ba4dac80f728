package io.outrider.core.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Model manifests as JSON (UTF-8, indented, fields in the record's order, each named as in {@link ModelManifest}; times
 * and durations in ISO-8601). Equal manifests give equal bytes. Unknown fields are ignored, so that a later version may
 * add some; a higher {@code formatVersion} is refused. Thread-safe.
 */
public final class ModelManifestCodec {

    private static final ObjectMapper JSON = new ObjectMapper();

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

    /** Inverse of {@link #encode}; IllegalArgumentException, naming the field, on bytes that are no manifest. */
    public static ModelManifest decode(byte[] json) {
        try {
            return manifest(new Field("manifest", JSON.readTree(json)));
        } catch (IOException | DateTimeException e) {
            throw new IllegalArgumentException("no model manifest: " + e.getMessage(), e);
        }
    }

    private static ModelManifest manifest(Field root) {
        int format = (int) root.get("formatVersion").number();
        if (format != ModelManifest.FORMAT_VERSION) {
            throw new IllegalArgumentException(
                    "model manifest of format " + format + ", this code reads " + ModelManifest.FORMAT_VERSION);
        }
        Field plan = root.get("plan");
        List<ModelManifest.Ensemble> ensembles = new ArrayList<>();
        for (Field e : root.get("ensembles").elements()) {
            ensembles.add(new ModelManifest.Ensemble(
                    e.get("name").text(),
                    e.get("features").texts(),
                    curve(e.get("curve")),
                    e.get("weight").number(),
                    e.get("sha256").text()));
        }
        List<ModelManifest.Piece> evidence = new ArrayList<>();
        for (Field e : root.get("evidence").elements()) {
            evidence.add(new ModelManifest.Piece(
                    e.get("feature").text(),
                    e.get("lower").truth(),
                    curve(e.get("curve")),
                    e.get("weight").number(),
                    e.get("expected").number()));
        }
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
                metrics);
    }

    private static Curve curve(Field node) {
        return new Curve(
                node.get("x").numbers(),
                node.get("y").numbers(),
                node.get("slopeBelow").number(),
                node.get("slopeAbove").number());
    }

    private static PolicyTerms policy(Field node) {
        return new PolicyTerms(
                node.get("rawThreshold").number(),
                Duration.parse(node.get("coolDown").text()),
                node.get("mediumFactor").number(),
                node.get("highFactor").number(),
                node.get("criticalFactor").number(),
                node.get("reviewShare").number());
    }

    private static ModelManifest.Origin origin(Field node) {
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

    /** A JSON value with its path, so that errors name it. */
    private record Field(String path, JsonNode node) {

        Field get(String name) {
            JsonNode child = node.get(name);
            if (child == null || child.isNull()) {
                throw new IllegalArgumentException("no model manifest: " + path + "." + name + " is missing");
            }
            return new Field(path + "." + name, child);
        }

        Iterable<Field> elements() {
            require(node.isArray(), "an array");
            List<Field> elements = new ArrayList<>();
            node.forEach(element -> elements.add(new Field(path + "[" + elements.size() + "]", element)));
            return elements;
        }

        Map<String, Field> entries() {
            require(node.isObject(), "an object");
            Map<String, Field> entries = new TreeMap<>();
            node.properties().forEach(e -> entries.put(e.getKey(), new Field(path + "." + e.getKey(), e.getValue())));
            return entries;
        }

        String text() {
            require(node.isTextual(), "a string");
            return node.textValue();
        }

        boolean truth() {
            require(node.isBoolean(), "true or false");
            return node.booleanValue();
        }

        double number() {
            require(node.isNumber(), "a number");
            return node.doubleValue();
        }

        long wholeNumber() {
            require(node.canConvertToLong() && node.isIntegralNumber(), "a whole number");
            return node.longValue();
        }

        List<String> texts() {
            List<String> texts = new ArrayList<>();
            elements().forEach(e -> texts.add(e.text()));
            return texts;
        }

        double[] numbers() {
            List<Double> numbers = new ArrayList<>();
            elements().forEach(e -> numbers.add(e.number()));
            return numbers.stream().mapToDouble(Double::doubleValue).toArray();
        }

        private void require(boolean holds, String what) {
            if (!holds) {
                throw new IllegalArgumentException("no model manifest: " + path + " is not " + what);
            }
        }
    }
}
