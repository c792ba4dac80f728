package io.outrider.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Whom the chart's pods reach and who reaches them. */
class ChartNetworkTest {

    private static final Path DEV = Chart.FOLDER.resolve("ci/azure-dev.yaml");
    private static final Path PROD = Chart.FOLDER.resolve("ci/azure-prod.yaml");
    private static final Path KAFKA = Chart.FOLDER.resolve("ci/kafka.yaml");

    @Test
    void podsReachTheStreamAndHttpsAndNothingElseBeyondThemselves() throws Exception {
        assertThat(anywhere(Chart.render(PROD, Map.of())))
                .containsExactly("TCP 443", "TCP 53", "TCP 6443", "TCP 9093", "UDP 53");
        assertThat(anywhere(Chart.render(KAFKA, Map.of())))
                .as("broker, receiver and issuer as the values name them")
                .contains("TCP 9092", "TCP 4317", "TCP 8443")
                .doesNotContain("TCP 9093");
    }

    @Test
    void portsThatTheValuesNameAreOpenAndNoOthers() throws Exception {
        Set<String> usual = anywhere(Chart.render(KAFKA, Map.of()));
        assertThat(usual)
                .as("where brokers say they are, and the lake of a connection string")
                .contains("TCP 9094", "TCP 10000");
        assertThat(anywhere(Chart.render(KAFKA, Map.of("kafka.advertisedPorts[0]", 19092))))
                .contains("TCP 19092", "TCP 9092")
                .doesNotContain("TCP 9094");
        assertThat(anywhere(Chart.render(PROD, Map.of("lake.accountUrl", "https://blobs.example.com:8443/account"))))
                .contains("TCP 8443");
        assertThat(anywhere(Chart.render(DEV, Map.of("networkPolicy.egressPorts[0]", 5000))))
                .as("in place of HTTPS")
                .contains("TCP 5000")
                .doesNotContain("TCP 443");
        assertThatThrownBy(() -> Chart.render(KAFKA, Map.of("kafka.advertisedPorts[0]", 0)))
                .hasMessageContaining("advertisedPorts");
        assertThatThrownBy(() -> Chart.render(KAFKA, Map.of("lake.connectionStringPort", 70_000)))
                .hasMessageContaining("connectionStringPort");
    }

    /** Ports that may be reached at any address. */
    private static Set<String> anywhere(List<JsonNode> objects) {
        JsonNode policy =
                Chart.object(objects, "NetworkPolicy", "outrider-nodes").get("spec");
        assertThat(policy.get("policyTypes").toString()).isEqualTo("[\"Ingress\",\"Egress\"]");
        assertThat(Chart.elements(policy.get("egress")).filter(rule -> rule.has("to")))
                .as("the rule for the release's own pods")
                .singleElement()
                .satisfies(rule -> assertThat(rule.at("/to/0/podSelector")).isEqualTo(policy.get("podSelector")));
        return Chart.elements(policy.get("egress"))
                .filter(rule -> !rule.has("to"))
                .peek(rule -> assertThat(rule.get("ports"))
                        .as("a rule for everything")
                        .isNotEmpty())
                .flatMap(rule -> Chart.elements(rule.get("ports")))
                .map(port ->
                        port.get("protocol").asText() + " " + port.get("port").asInt())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void whoCallsThroughALoadBalancerIsKnownByItsOwnAddress() throws Exception {
        List<JsonNode> objects = Chart.render(PROD, Map.of());
        assertThat(Chart.object(objects, "NetworkPolicy", "outrider-api")
                        .at("/spec/ingress/0/from/0/ipBlock/cidr")
                        .asText())
                .isEqualTo("10.1.0.0/16");
        assertThat(Chart.object(objects, "Service", "outrider-api")
                        .at("/spec/externalTrafficPolicy")
                        .asText())
                .isEqualTo("Local");
        assertThat(Chart.object(Chart.render(DEV, Map.of()), "Service", "outrider-api")
                        .get("spec")
                        .has("externalTrafficPolicy"))
                .as("what only a load balancer may have")
                .isFalse();
    }
}
