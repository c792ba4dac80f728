package io.outrider.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The way to the chart's API and console from outside of the cluster. */
class ChartIngressTest {

    private static final Path GATEWAY = Chart.FOLDER.resolve("ci/azure-dev.yaml");
    private static final Path PROD = Chart.FOLDER.resolve("ci/azure-prod.yaml");
    private static final Path CONTROLLER = Chart.FOLDER.resolve("ci/kafka.yaml");
    private static final String NGINX = "nginx.ingress.kubernetes.io/";

    @Test
    void thereIsNoneUnlessAskedFor() throws Exception {
        List<JsonNode> objects = Chart.render(PROD, Map.of());
        assertThat(objects)
                .noneMatch(object -> List.of("Ingress", "HTTPRoute")
                        .contains(object.at("/kind").asText()));
        assertThat(objects.toString()).doesNotContain("gateways", "ingress-nginx");
    }

    @Test
    void aControllerEndsTlsAndLetsStreamsStayOpen() throws Exception {
        List<JsonNode> objects = Chart.render(CONTROLLER, Map.of());
        JsonNode ingress = Chart.object(objects, "Ingress", "outrider-api");
        assertThat(ingress.at("/spec/ingressClassName").asText()).isEqualTo("nginx");
        assertThat(ingress.at("/spec/tls/0").toString())
                .isEqualTo("{\"hosts\":[\"outrider.example.com\"],\"secretName\":\"outrider-web\"}");
        assertThat(ingress.at("/spec/rules/0/host").asText()).isEqualTo("outrider.example.com");
        JsonNode backend = ingress.at("/spec/rules/0/http/paths/0/backend/service");
        JsonNode service = Chart.object(objects, "Service", backend.get("name").asText());
        assertThat(service.at("/spec/ports/0/name")).isEqualTo(backend.at("/port/name"));
        JsonNode annotations = ingress.at("/metadata/annotations");
        assertThat(annotations.get(NGINX + "proxy-buffering").asText()).isEqualTo("off");
        assertThat(annotations.get(NGINX + "proxy-body-size").asText())
                .as("what the API takes it says itself")
                .isEqualTo("0");
        assertThat(annotations.get(NGINX + "proxy-read-timeout").asText())
                .as("the values' own word wins")
                .isEqualTo("7200");
        assertThat(annotations.get(NGINX + "proxy-send-timeout").asInt()).isGreaterThanOrEqualTo(3600);
    }

    @Test
    void aGatewayEndsTlsAndLetsStreamsStayOpen() throws Exception {
        List<JsonNode> objects = Chart.render(GATEWAY, Map.of());
        JsonNode route = Chart.object(objects, "HTTPRoute", "outrider-api").get("spec");
        assertThat(route.at("/parentRefs/0").toString())
                .isEqualTo("{\"name\":\"web\",\"namespace\":\"gateways\",\"sectionName\":\"https\"}");
        assertThat(route.at("/hostnames").toString()).isEqualTo("[\"outrider-dev.example.com\"]");
        assertThat(route.at("/rules/0/timeouts/request").asText()).isEqualTo("0s");
        JsonNode backend = route.at("/rules/0/backendRefs/0");
        assertThat(Chart.object(objects, "Service", backend.get("name").asText())
                        .at("/spec/ports/0/port"))
                .isEqualTo(backend.get("port"));
    }

    @Test
    void aMisspeltKeyOfARouteIsFound() throws Exception {
        JsonNode route = Chart.object(Chart.render(GATEWAY, Map.of()), "HTTPRoute", "outrider-api");
        ((ObjectNode) route.at("/spec/rules/0")).put("timeout", "gone");
        assertThat(StrictModels.unknownKeys(route)).singleElement().asString().endsWith(".timeout");
    }

    @ParameterizedTest
    @CsvSource({"azure-dev.yaml, gateways, outrider-dev.example.com", "kafka.yaml, ingress-nginx, outrider.example.com"
    })
    void whoEndsTlsReachesTheApiAndItsNameIsServed(String values, String namespace, String host) throws Exception {
        List<JsonNode> objects = Chart.render(Chart.FOLDER.resolve("ci").resolve(values), Map.of());
        assertThat(Chart.elements(Chart.object(objects, "NetworkPolicy", "outrider-api")
                                .at("/spec/ingress/0/from"))
                        .map(peer -> peer.at("/namespaceSelector/matchLabels/kubernetes.io~1metadata.name")
                                .asText()))
                .contains(namespace);
        Map<String, String> variables = Chart.variables(objects, "outrider-api");
        assertThat(variables.getOrDefault("OUTRIDER_HTTP_ALLOWED_HOSTS", "").split(","))
                .contains(host);
        assertThat(variables).containsEntry("OUTRIDER_AUTH_MODE", "oidc");
        assertThat(Chart.notes(Chart.FOLDER.resolve("ci").resolve(values), Map.of()))
                .contains("https://" + host + "/");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "authentication.audience| |authentication needs audience",
                "settings|outrider.http { authentication { mode = \"none\" } }|must not switch it off",
                "settings|outrider.http.authentication.mode: none|must not switch it off",
                "api.extraEnv[0].name|OUTRIDER_AUTH_MODE|must not be in extraEnv",
                "ingress.tlsSecretName| |in the clear",
                "ingress.host| |by which name",
                "ingress.className| |className or gateway.name",
                "ingress.gateway.name|web|className or gateway.name",
                "ingress.controllerNamespace| |keeps them out",
                "ingress.clasName|nginx|clasName",
                "ingress.host|https://outrider|host"
            })
    void whatWouldLeaveItOpenOrShutIsRefused(String value, String set, String said) {
        assertThatThrownBy(() -> Chart.render(CONTROLLER, Map.of(value, set == null ? "" : set)))
                .hasMessageContaining(said);
    }
}
