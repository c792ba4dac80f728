package io.outrider.core.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The field {@code lineage} of a manifest. */
final class LineageCodec {

    private LineageCodec() {}

    static void put(ObjectNode node, Lineage lineage) {
        ObjectNode dataset = node.putObject("dataset");
        dataset.put("name", lineage.dataset().name());
        dataset.put("version", lineage.dataset().version());
        ArrayNode files = dataset.putArray("files");
        for (Lineage.File file : lineage.dataset().files()) {
            ObjectNode one = files.addObject();
            one.put("name", file.name());
            one.put("rows", file.rows());
            one.put("sha256", file.sha256());
        }
        ObjectNode parameters = node.putObject("parameters");
        lineage.parameters().forEach(parameters::put);
        ArrayNode parents = node.putArray("parents");
        lineage.parents().forEach(parents::add);
    }

    static Lineage read(JsonField node) {
        JsonField dataset = node.get("dataset");
        List<Lineage.File> files = new ArrayList<>();
        for (JsonField file : dataset.get("files").elements()) {
            files.add(new Lineage.File(
                    file.get("name").text(),
                    file.get("rows").wholeNumber(),
                    file.get("sha256").text()));
        }
        Map<String, String> parameters = new TreeMap<>();
        node.get("parameters").entries().forEach((name, value) -> parameters.put(name, value.text()));
        return new Lineage(
                new Lineage.Dataset(
                        dataset.get("name").text(), (int) dataset.get("version").wholeNumber(), files),
                parameters,
                node.get("parents").texts());
    }
}
