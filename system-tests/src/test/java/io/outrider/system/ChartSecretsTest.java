package io.outrider.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Where the chart's pods have their secrets from: Kubernetes, and where the values say so, the key vault behind it. */
class ChartSecretsTest {

    private static final Path DEV = Chart.FOLDER.resolve("ci/azure-dev.yaml");
    private static final Path PROD = Chart.FOLDER.resolve("ci/azure-prod.yaml");
    private static final List<String> NODES = List.of("outrider-detection", "outrider-api", "outrider-batch");

    @Test
    void withoutAVaultNothingOfOneIsRendered() throws Exception {
        List<JsonNode> objects = Chart.render(DEV, Map.of());
        assertThat(objects).noneMatch(object -> object.get("kind").asText().equals("SecretProviderClass"));
        assertThat(Chart.pods(objects).flatMap(pod -> Chart.elements(pod.path("volumes"))))
                .noneMatch(volume -> volume.has("csi"));
    }

    @Test
    void eachPartReadsTheVaultAsItselfAndMountsWhatItReads() throws Exception {
        List<JsonNode> objects = Chart.render(PROD, Map.of());
        Set<String> identities = new HashSet<>();
        for (String name : NODES) {
            JsonNode provider =
                    Chart.object(objects, "SecretProviderClass", name).get("spec");
            String identity = provider.at("/parameters/clientID").asText();
            assertThat(identity)
                    .isEqualTo(Chart.object(objects, "ServiceAccount", name)
                            .at("/metadata/annotations")
                            .get("azure.workload.identity/client-id")
                            .asText());
            identities.add(identity);
            JsonNode pod = Chart.object(objects, "Deployment", name).at("/spec/template/spec");
            JsonNode volume = Chart.elements(pod.get("volumes"))
                    .filter(each -> each.has("csi"))
                    .findFirst()
                    .orElseThrow();
            assertThat(volume.at("/csi/driver").asText()).isEqualTo("secrets-store.csi.k8s.io");
            assertThat(volume.at("/csi/volumeAttributes/secretProviderClass").asText())
                    .isEqualTo(name);
            assertThat(Chart.elements(pod.at("/containers/0/volumeMounts"))
                            .map(mount -> mount.get("name").asText()))
                    .as("unmounted, the driver makes no secret")
                    .contains(volume.get("name").asText());
        }
        assertThat(identities).hasSameSizeAs(NODES);
    }

    @Test
    void everySecretThatIsMadeConsistsOfWhatIsFetched() throws Exception {
        JsonNode provider = Chart.object(Chart.render(PROD, Map.of()), "SecretProviderClass", "outrider-batch")
                .get("spec");
        Set<String> fetched = Chart.elements(Chart.YAML
                        .readTree(provider.at("/parameters/objects").asText())
                        .get("array"))
                .map(object -> read(object.asText()).get("objectName").asText())
                .collect(Collectors.toSet());
        assertThat(fetched).containsExactlyInAnyOrder("application-insights", "cases-url", "cases-key");
        assertThat(Chart.elements(provider.get("secretObjects"))
                        .flatMap(secret -> Chart.elements(secret.get("data")))
                        .map(key -> key.get("objectName").asText()))
                .containsExactlyInAnyOrderElementsOf(fetched);
    }

    /** The secrets, with their keys, that the prod values take from Kubernetes are those that the vault fills. */
    @Test
    void whatPodsTakeIsWhatTheVaultFills() throws Exception {
        List<JsonNode> objects = Chart.render(PROD, Map.of());
        Set<String> taken = Chart.pods(objects)
                .flatMap(pod -> Chart.elements(pod.get("containers")))
                .flatMap(container -> Chart.elements(container.path("env")))
                .map(variable -> variable.at("/valueFrom/secretKeyRef"))
                .filter(JsonNode::isObject)
                .map(secret ->
                        secret.get("name").asText() + "/" + secret.get("key").asText())
                .collect(Collectors.toSet());
        Set<String> filled = Chart.elements(Chart.object(objects, "SecretProviderClass", "outrider-api")
                        .at("/spec/secretObjects"))
                .flatMap(secret -> Chart.elements(secret.get("data"))
                        .map(key -> secret.get("secretName").asText() + "/"
                                + key.get("key").asText()))
                .collect(Collectors.toSet());
        assertThat(filled).isNotEmpty().isEqualTo(taken);
    }

    @Test
    void nodesProveThemselvesToEachOtherByACertificateThatEachMounts() throws Exception {
        List<JsonNode> objects = Chart.render(PROD, Map.of());
        JsonNode certificate =
                Chart.object(objects, "Certificate", "outrider-node").get("spec");
        assertThat(Chart.elements(certificate.get("usages")).map(JsonNode::asText))
                .as("each node is both ends")
                .contains("server auth", "client auth");
        assertThat(certificate.at("/privateKey/rotationPolicy").asText()).isEqualTo("Always");
        assertThat(certificate.at("/issuerRef/name").asText()).isNotEmpty();
        for (String name : NODES) {
            assertThat(tlsSecret(objects, name))
                    .isEqualTo(certificate.get("secretName").asText());
        }
        List<JsonNode> own = Chart.render(PROD, Map.of("tls.secretName", "our-own"));
        assertThat(own)
                .as("who brings a certificate needs no cert-manager")
                .noneMatch(object -> object.get("kind").asText().equals("Certificate"));
        for (String name : NODES) {
            assertThat(tlsSecret(own, name)).isEqualTo("our-own");
        }
    }

    /** The secret in the folder where a part's nodes look for their certificates. */
    private static String tlsSecret(List<JsonNode> objects, String name) {
        JsonNode pod = Chart.object(objects, "Deployment", name).at("/spec/template/spec");
        String folder = Chart.variables(objects, name).get("OUTRIDER_NODE_TLS_FOLDER");
        JsonNode mount = Chart.elements(pod.at("/containers/0/volumeMounts"))
                .filter(each -> each.get("mountPath").asText().equals(folder))
                .findFirst()
                .orElseThrow();
        assertThat(mount.get("readOnly").asBoolean()).isTrue();
        return Chart.elements(pod.get("volumes"))
                .filter(each -> each.get("name").equals(mount.get("name")))
                .findFirst()
                .orElseThrow()
                .at("/secret/secretName")
                .asText();
    }

    @Test
    void aVaultThatCannotBeReadIsRefused() {
        assertThatThrownBy(() -> Chart.render(PROD, Map.of("keyVault.name", "")))
                .hasMessageContaining("keyVault.name must say which vault");
        assertThatThrownBy(() -> Chart.render(DEV, Map.of("keyVault.name", "kvoutrider")))
                .hasMessageContaining("keyVault.secrets must name");
        assertThatThrownBy(() -> Chart.render(PROD, Map.of("identity.clientIds.batch", "")))
                .hasMessageContaining("identity.clientIds.batch must be set for keyVault");
        assertThatThrownBy(() -> Chart.render(PROD, Map.of("keyVault.name", "https://kv.vault.azure.net")))
                .hasMessageContaining("keyVault");
    }

    private static JsonNode read(String yaml) {
        try {
            return Chart.YAML.readTree(yaml);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
