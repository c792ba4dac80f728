package io.outrider.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.InstallCommand;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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

    /**
     * What Helm finds wrong with the chart under a value set. Its lint takes no values, and the defaults say on purpose not
     * where stream and lake are: so it looks at a copy that has the set's values as its defaults.
     */
    static LintResult lint(Path values, Path into) throws IOException {
        Path copy = into.resolve("outrider");
        try (Stream<Path> files = Files.walk(FOLDER)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(FOLDER.relativize(file).toString()));
            }
        }
        JsonNode merged = YAML.readerForUpdating(
                        YAML.readTree(FOLDER.resolve("values.yaml").toFile()))
                .readValue(values.toFile());
        YAML.writeValue(copy.resolve("values.yaml").toFile(), merged);
        return new Helm(copy).lint().strict().call();
    }

    /** What Helm tells whoever has installed a value set. */
    static String notes(Path values, Map<String, Object> changes) {
        InstallCommand install = new Helm(FOLDER)
                .install()
                .clientOnly()
                .dryRun()
                .withName("outrider")
                .withNamespace("outrider")
                .withKubeVersion("1.33.0")
                .withValuesFile(values);
        changes.forEach(install::set);
        String output = install.call().getOutput();
        return output.substring(output.indexOf("NOTES:"));
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

    /** Environment variables of a Deployment's container; those that are taken from elsewhere are empty. */
    static Map<String, String> variables(List<JsonNode> objects, String deployment) {
        return elements(object(objects, "Deployment", deployment).at("/spec/template/spec/containers/0/env"))
                .collect(Collectors.toMap(
                        variable -> variable.get("name").asText(),
                        variable -> variable.path("value").asText()));
    }

    static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
