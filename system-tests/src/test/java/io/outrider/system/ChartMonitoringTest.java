package io.outrider.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How the chart's pods are seen from outside: whom Prometheus scrapes, and what the collector takes and hands on. */
class ChartMonitoringTest {

    private static final Path DEV = Chart.FOLDER.resolve("ci/azure-dev.yaml");
    private static final Path PROD = Chart.FOLDER.resolve("ci/azure-prod.yaml");
    private static final Path KAFKA = Chart.FOLDER.resolve("ci/kafka.yaml");
    private static final List<String> NODES = List.of("outrider-detection", "outrider-api", "outrider-batch");

    @Test
    void prometheusScrapesEveryNodeAtThePortThatServesMetrics() throws Exception {
        List<JsonNode> objects = Chart.render(PROD, Map.of());
        JsonNode monitor = Chart.object(objects, "PodMonitor", "outrider");
        assertThat(monitor.get("apiVersion").asText()).as("Azure's operator").isEqualTo("azmonitoring.coreos.com/v1");
        assertThat(Chart.object(Chart.render(KAFKA, Map.of()), "PodMonitor", "outrider")
                        .get("apiVersion")
                        .asText())
                .isEqualTo("monitoring.coreos.com/v1");
        assertThat(monitor.at("/spec/podMetricsEndpoints")).hasSize(1);
        String rules = Files.readString(Chart.FOLDER.resolve("../../monitoring/rules/operations.yml"));
        JsonNode endpoint = monitor.at("/spec/podMetricsEndpoints/0");
        assertThat(endpoint.get("path").asText()).isEqualTo("/metrics");
        for (String name : NODES) {
            JsonNode pod = Chart.object(objects, "Deployment", name).at("/spec/template");
            monitor.at("/spec/selector/matchLabels")
                    .properties()
                    .forEach(label -> assertThat(pod.at("/metadata/labels").get(label.getKey()))
                            .as(name + ": " + label.getKey())
                            .isEqualTo(label.getValue()));
            assertThat(rules)
                    .as("the job by which rules ask whether a node is up")
                    .contains("up{job=\"%s\"}"
                            .formatted(pod.at("/metadata/labels")
                                    .get(monitor.at("/spec/jobLabel").asText())
                                    .asText()));
            JsonNode port = Chart.elements(pod.at("/spec/containers/0/ports"))
                    .filter(each -> each.get("name").equals(endpoint.get("port")))
                    .findFirst()
                    .orElseThrow()
                    .get("containerPort");
            assertThat(Chart.variables(objects, name)).containsEntry("OUTRIDER_OPERATIONS_PORT", port.asText());
        }
        assertThat(Chart.render(PROD, Map.of("podMonitor.enabled", false)))
                .noneMatch(object -> object.get("kind").asText().equals("PodMonitor"));
    }

    @Test
    void nodesSendSpansAndMetricsToTheCollectorWhereThereIsOne() throws Exception {
        List<JsonNode> objects = Chart.render(PROD, Map.of());
        JsonNode port = Chart.elements(
                        Chart.object(objects, "Service", "outrider-collector").at("/spec/ports"))
                .filter(each -> each.get("name").asText().equals("otlp-http"))
                .findFirst()
                .orElseThrow()
                .get("port");
        for (String name : NODES) {
            assertThat(Chart.variables(objects, name))
                    .containsEntry("OTEL_EXPORTER_OTLP_ENDPOINT", "http://outrider-collector:" + port.asInt())
                    .hasEntrySatisfying(
                            "OTEL_RESOURCE_ATTRIBUTES",
                            attributes -> assertThat(attributes).contains("k8s.pod.name=$(POD_NAME)"));
        }
        assertThat(Chart.variables(Chart.render(DEV, Map.of()), "outrider-detection"))
                .doesNotContainKey("OTEL_EXPORTER_OTLP_ENDPOINT");
    }

    /** What {@code .ci/collector} has a collector run on is what the chart gives its own. */
    @Test
    void theCollectorIsGivenTheFilesAsTheyAre() throws Exception {
        assertThat(files(Chart.render(PROD, Map.of()))).containsExactly("azure-monitor.yaml", "collector.yaml");
        assertThat(files(Chart.render(KAFKA, Map.of()))).containsExactly("collector.yaml", "otlp.yaml");
        List<JsonNode> both = Chart.render(PROD, Map.of("collector.otlpEndpoint", "tempo.tracing:4317"));
        assertThat(files(both)).containsExactly("azure-monitor.yaml", "collector.yaml", "otlp.yaml");
        JsonNode container =
                Chart.object(both, "Deployment", "outrider-collector").at("/spec/template/spec/containers/0");
        assertThat(Chart.elements(container.get("args")).map(JsonNode::asText))
                .containsExactly(
                        "--config=file:/etc/collector/collector.yaml",
                        "--config=file:/etc/collector/azure-monitor.yaml",
                        "--config=file:/etc/collector/otlp.yaml");
        for (JsonNode data :
                Chart.object(both, "ConfigMap", "outrider-collector").get("data")) {
            assertThat(variables(data.asText()))
                    .as("what the files take from the environment")
                    .isSubsetOf(Chart.variables(both, "outrider-collector").keySet());
        }
    }

    @Test
    void theCollectorTakesFromNodesAndAsksKubernetesNothing() throws Exception {
        List<JsonNode> objects = Chart.render(PROD, Map.of());
        JsonNode pod = Chart.object(objects, "Deployment", "outrider-collector").at("/spec/template/spec");
        assertThat(pod.get("automountServiceAccountToken").asBoolean(true)).isFalse();
        assertThat(pod.has("serviceAccountName")).isFalse();
        ObjectNode merged = JsonNodeFactory.instance.objectNode();
        for (JsonNode data :
                Chart.object(objects, "ConfigMap", "outrider-collector").get("data")) {
            Chart.YAML.readerForUpdating(merged).readValue(data.asText());
        }
        assertThat(merged.get("receivers").properties())
                .as("a receiver that finds pods would need a role")
                .extracting(Map.Entry::getKey)
                .containsExactly("otlp");
        JsonNode from =
                Chart.object(objects, "NetworkPolicy", "outrider-collector").at("/spec/ingress/0/from");
        assertThat(from.toString()).isEqualTo("[{\"podSelector\":{\"matchLabels\":{\"app\":\"outrider\"}}}]");
        Set<String> reachable = new TreeSet<>();
        Chart.elements(Chart.object(objects, "Service", "outrider-collector").at("/spec/ports"))
                .forEach(port -> reachable.add(port.get("targetPort").asText()));
        assertThat(reachable).containsExactly("otlp-grpc", "otlp-http");
    }

    @Test
    void theReceiverIsSpokenToByTlsUnlessTheValuesSayOtherwise() throws Exception {
        assertThat(Chart.variables(Chart.render(KAFKA, Map.of()), "outrider-collector"))
                .containsEntry("OTLP_ENDPOINT", "tempo.tracing:4317")
                .containsEntry("OTLP_INSECURE", "true");
        assertThat(Chart.variables(Chart.render(KAFKA, Map.of("collector.otlpInsecure", false)), "outrider-collector"))
                .containsEntry("OTLP_INSECURE", "false");
        assertThatThrownBy(() -> Chart.render(KAFKA, Map.of("collector.otlpEndpoint", "tempo.tracing")))
                .hasMessageContaining("otlpEndpoint");
    }

    /** The names of the collector's files, each as it is in the chart. */
    private static Set<String> files(List<JsonNode> objects) throws Exception {
        Set<String> names = new TreeSet<>();
        for (Map.Entry<String, JsonNode> file : Chart.object(objects, "ConfigMap", "outrider-collector")
                .get("data")
                .properties()) {
            assertThat(file.getValue().asText().stripTrailing())
                    .isEqualTo(
                            Files.readString(Chart.FOLDER.resolve("collector").resolve(file.getKey()))
                                    .stripTrailing());
            names.add(file.getKey());
        }
        return names;
    }

    private static Stream<String> variables(String configuration) {
        return java.util.regex.Pattern.compile("\\$\\{env:([A-Z_]+)")
                .matcher(configuration)
                .results()
                .map(match -> match.group(1));
    }
}
