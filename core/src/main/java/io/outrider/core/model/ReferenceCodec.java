package io.outrider.core.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The field {@code reference} of a manifest. */
final class ReferenceCodec {

    private ReferenceCodec() {}

    static void put(ObjectNode node, Reference reference) {
        node.put("version", reference.version());
        node.put("rows", reference.rows());
        put(node.putObject("score"), reference.score());
        ArrayNode features = node.putArray("features");
        reference.features().forEach(feature -> put(features.addObject(), feature));
    }

    private static void put(ObjectNode node, Histogram histogram) {
        node.put("name", histogram.name());
        ArrayNode edges = node.putArray("edges");
        for (double edge : histogram.edges()) {
            edges.add(edge);
        }
        ArrayNode counts = node.putArray("counts");
        for (long count : histogram.counts()) {
            counts.add(count);
        }
        node.put("missing", histogram.missing());
    }

    static Reference read(JsonField node) {
        int version = (int) node.get("version").wholeNumber();
        if (version != Reference.VERSION) {
            throw new IllegalArgumentException("no model manifest: " + node.path() + ".version is " + version
                    + ", this code reads " + Reference.VERSION);
        }
        List<Histogram> features = new ArrayList<>();
        node.get("features").elements().forEach(feature -> features.add(histogram(feature)));
        return new Reference(version, node.get("rows").wholeNumber(), histogram(node.get("score")), features);
    }

    private static Histogram histogram(JsonField node) {
        List<Long> counts = new ArrayList<>();
        node.get("counts").elements().forEach(count -> counts.add(count.wholeNumber()));
        return new Histogram(
                node.get("name").text(),
                node.get("edges").numbers(),
                counts.stream().mapToLong(Long::longValue).toArray(),
                node.get("missing").wholeNumber());
    }
}
