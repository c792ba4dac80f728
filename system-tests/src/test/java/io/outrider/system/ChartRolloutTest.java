package io.outrider.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the chart makes of a new version: which image, how a node is stopped, how it is looked at. */
class ChartRolloutTest {

    private static final Path DEV = Chart.FOLDER.resolve("ci/azure-dev.yaml");
    private static final Path PROD = Chart.FOLDER.resolve("ci/azure-prod.yaml");

    @Test
    void theImageIsNamedInTheValuesOrByTheRelease() throws Exception {
        JsonNode dev = detection(Chart.render(DEV, Map.of()));
        assertThat(dev.get("image").asText()).isEqualTo("croutriderdevweu0000.azurecr.io/outrider:1.2.3");
        assertThat(detection(Chart.render(PROD, Map.of())).get("image").asText())
                .startsWith("croutriderprodweu0000.azurecr.io/outrider@sha256:");
        assertThatThrownBy(() -> Chart.render(DEV, Map.of("image.repository", "")))
                .hasMessageContaining("image.repository must say where the image is");
        assertThatThrownBy(() -> Chart.render(DEV, Map.of("image.repository", "ghcr.io/OWNER/outrider")))
                .hasMessageContaining("repository");
    }

    @Test
    void nodesTellEachOtherTheVersionOfTheirImage() throws Exception {
        assertThat(appVersion(detection(Chart.render(DEV, Map.of())))).isEqualTo("1.2.3");
        assertThat(appVersion(detection(Chart.render(DEV, Map.of("image.tag", "1.3.0")))))
                .isEqualTo("1.3.0");
        String released = Chart.YAML
                .readTree(Files.readString(Chart.FOLDER.resolve("Chart.yaml")))
                .get("appVersion")
                .asText();
        assertThat(appVersion(detection(Chart.render(PROD, Map.of()))))
                .as("by digest: the chart's own")
                .isEqualTo(released);
    }

    private static JsonNode detection(List<JsonNode> objects) {
        return Chart.object(objects, "Deployment", "outrider-detection").at("/spec/template/spec/containers/0");
    }

    private static String appVersion(JsonNode container) {
        return variable(container, "OUTRIDER_CLUSTER_APP_VERSION");
    }

    private static String variable(JsonNode container, String name) {
        return Chart.elements(container.get("env"))
                .filter(variable -> variable.get("name").asText().equals(name))
                .findFirst()
                .orElseThrow()
                .get("value")
                .asText();
    }

    @Test
    void theCollectorsImageIsOneThatCannotChangeUnderItsName() {
        String digest = "otel/opentelemetry-collector-contrib:0.140.1@sha256:" + "0".repeat(64);
        assertThatCode(() -> Chart.render(PROD, Map.of("collector.image", digest)))
                .doesNotThrowAnyException();
        for (String loose :
                List.of("otel/opentelemetry-collector-contrib", "otel/opentelemetry-collector-contrib:latest")) {
            assertThatThrownBy(() -> Chart.render(PROD, Map.of("collector.image", loose)))
                    .hasMessageContaining("image");
        }
    }

    @Test
    void aReleaseFindsTheLinesOfTheValuesThatItPutsItsImagesIn() throws Exception {
        List<String> lines = Files.readAllLines(Chart.FOLDER.resolve("values.yaml"));
        for (String key : List.of("  repository: ", "  digest: ", "  image: ")) {
            assertThat(lines.stream().filter(line -> line.startsWith(key)))
                    .as(key)
                    .hasSize(1);
        }
    }

    @Test
    void nodesLookForTheRawLogWhereCaptureWritesIt() throws Exception {
        assertThat(variable(detection(Chart.render(DEV, Map.of())), "OUTRIDER_CAPTURE_NAMESPACE"))
                .as("the namespace's name, with which Capture's paths begin")
                .isEqualTo("evhns-outrider-dev-weu-0000");
    }

    @Test
    void whoInstallsItIsToldWhatToDoNext() throws Exception {
        String notes = Chart.notes(PROD, Map.of());
        assertThat(notes)
                .contains("rollout status deployment/outrider-detection")
                .contains("helm test outrider --namespace outrider")
                .contains("port-forward service/outrider-api 8080:"
                        + Chart.object(Chart.render(PROD, Map.of()), "Service", "outrider-api")
                                .at("/spec/ports/0/port")
                                .asInt())
                .contains("cert-manager makes the nodes' certificates: ")
                .contains("autoscaling.maxReplicas is above the number of partitions; 32 is used")
                .contains("docs/azure.md");
        assertThat(Chart.notes(PROD, Map.of("tls.secretName", "our-own", "autoscaling.maxReplicas", 8)))
                .doesNotContain("cert-manager", "maxReplicas");
    }

    @Test
    void aPodIsGivenTheTimeThatStoppingMayTake() throws Exception {
        JsonNode pod = Chart.object(Chart.render(DEV, Map.of()), "Deployment", "outrider-detection")
                .at("/spec/template/spec");
        Path node = Processes.HOME.resolve("app/src/main/java/io/outrider/app/node");
        long steps = Pattern.compile("pushStage\\(\"|stopWith\\(\"")
                .matcher(Files.readString(node.resolve("OutriderNode.java"))
                        + Files.readString(node.resolve("NodeWiring.java"))
                        + Files.readString(node.resolve("StopSteps.java")))
                .results()
                .count();
        assertThat(steps).as("steps that are waited for").isGreaterThan(3);
        Matcher limit = Pattern.compile("stop-limit = (\\d+) s")
                .matcher(Files.readString(Processes.HOME.resolve("app/src/main/resources/reference.conf")));
        assertThat(limit.find()).isTrue();
        assertThat(pod.get("terminationGracePeriodSeconds").asLong())
                .isGreaterThan(steps * Long.parseLong(limit.group(1))
                        + pod.at("/containers/0/lifecycle/preStop/sleep/seconds")
                                .asLong());
    }
}
