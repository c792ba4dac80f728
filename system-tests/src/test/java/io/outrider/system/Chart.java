package io.outrider.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The Helm chart, as Helm itself renders it. */
final class Chart {

    static final Path FOLDER = Processes.HOME.resolve("deploy/helm/outrider");
    static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private Chart() {}

    /** The value sets that are shipped as examples. */
    static List<Path> valueSets() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER.resolve("ci"))) {
            return files.sorted().toList();
        }
    }

    static LintResult lint() {
        return new Helm(FOLDER).lint().strict().call();
    }

    /** The objects of a value set with some values changed; IllegalStateException says what Helm refuses. */
    static List<JsonNode> render(Path values, Map<String, Object> changes) throws IOException {
        TemplateCommand template = new Helm(FOLDER)
                .template()
                .withName("outrider")
                .withNamespace("outrider")
                .withKubeVersion("1.33.0")
                .withValuesFile(values);
        changes.forEach(template::set);
        List<JsonNode> objects = new ArrayList<>();
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(template.call())) {
            while (documents.hasNext()) {
                JsonNode document = documents.next();
                if (document.isObject() && !document.isEmpty()) {
                    objects.add(document);
                }
            }
        }
        return objects;
    }

    static JsonNode object(List<JsonNode> objects, String kind, String name) {
        return objects.stream()
                .filter(object -> object.at("/kind").asText().equals(kind)
                        && object.at("/metadata/name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the chart renders no " + kind + " " + name));
    }

    /** What pods are made of: of Deployments and of pods themselves. */
    static Stream<JsonNode> pods(List<JsonNode> objects) {
        return objects.stream()
                .map(object -> object.at("/kind").asText().equals("Pod")
                        ? object.get("spec")
                        : object.at("/spec/template/spec"))
                .filter(JsonNode::isObject);
    }

    static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
