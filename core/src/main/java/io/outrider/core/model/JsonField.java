package io.outrider.core.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A JSON value with its path, so that errors name it. */
record JsonField(String path, JsonNode node) {

    JsonField get(String name) {
        JsonNode child = node.get(name);
        if (child == null || child.isNull()) {
            throw new IllegalArgumentException("no model manifest: " + path + "." + name + " is missing");
        }
        return new JsonField(path + "." + name, child);
    }

    /** Null where it is absent or null. */
    @Nullable
    JsonField optional(String name) {
        JsonNode child = node.get(name);
        return child == null || child.isNull() ? null : new JsonField(path + "." + name, child);
    }

    Iterable<JsonField> elements() {
        require(node.isArray(), "an array");
        List<JsonField> elements = new ArrayList<>();
        node.forEach(element -> elements.add(new JsonField(path + "[" + elements.size() + "]", element)));
        return elements;
    }

    Map<String, JsonField> entries() {
        require(node.isObject(), "an object");
        Map<String, JsonField> entries = new TreeMap<>();
        node.properties().forEach(e -> entries.put(e.getKey(), new JsonField(path + "." + e.getKey(), e.getValue())));
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
