package io.outrider.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds members of answers that {@code openapi.yaml} does not speak of; a schema without properties speaks of any. */
final class DocumentedMembers {

    private final JsonNode document;

    DocumentedMembers(String yaml) {
        try {
            document = new ObjectMapper(new YAMLFactory()).readTree(yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where in the JSON answer of an operation there are such members. */
    Set<String> missing(String template, String method, int status, JsonNode answer) {
        JsonNode responses = document.path("paths").path(template).path(method).path("responses");
        JsonNode response = deref(
                responses.has(Integer.toString(status))
                        ? responses.path(Integer.toString(status))
                        : responses.path("default"));
        Set<String> missing = new TreeSet<>();
        look(answer, response.at("/content/application~1json/schema"), "", missing);
        return missing;
    }

    /** Names of what an operation takes in its query. */
    Set<String> queryParameters(String template, String method) {
        Set<String> names = new TreeSet<>();
        for (JsonNode reference :
                document.path("paths").path(template).path(method).path("parameters")) {
            JsonNode parameter = deref(reference);
            if (parameter.path("in").asText().equals("query")) {
                names.add(parameter.path("name").asText());
            }
        }
        return names;
    }

    /** What {@code type} of a problem may be. */
    List<String> problemTypes() {
        List<String> types = new ArrayList<>();
        document.at("/components/schemas/Problem/properties/type/enum").forEach(type -> types.add(type.asText()));
        return types;
    }

    private void look(JsonNode answer, JsonNode reference, String path, Set<String> missing) {
        JsonNode schema = deref(reference);
        if (schema.has("oneOf")) {
            for (JsonNode one : schema.path("oneOf")) {
                boolean array = deref(one).path("type").asText().equals("array");
                if (array == answer.isArray() && !answer.isNull() && !one.has("enum")) {
                    look(answer, one, path, missing);
                }
            }
        } else if (answer.isArray()) {
            answer.forEach(item -> look(item, schema.path("items"), path + "[]", missing));
        } else if (answer.isObject() && speaksOfMembers(schema)) {
            for (Map.Entry<String, JsonNode> member : answer.properties()) {
                String name = path + "." + member.getKey();
                JsonNode described = member(schema, member.getKey());
                if (described.isMissingNode()) {
                    missing.add(name);
                } else {
                    look(member.getValue(), described, name, missing);
                }
            }
        }
    }

    private static boolean speaksOfMembers(JsonNode schema) {
        return schema.has("properties") || schema.has("allOf") || schema.has("additionalProperties");
    }

    private JsonNode member(JsonNode schema, String name) {
        JsonNode own = schema.path("properties").path(name);
        if (!own.isMissingNode()) {
            return own;
        }
        for (JsonNode part : schema.path("allOf")) {
            JsonNode inherited = member(deref(part), name);
            if (!inherited.isMissingNode()) {
                return inherited;
            }
        }
        return schema.path("additionalProperties");
    }

    private JsonNode deref(JsonNode node) {
        JsonNode at = node;
        while (at.has("$ref")) {
            at = document.at(at.path("$ref").asText().substring(1));
        }
        return at;
    }
}
