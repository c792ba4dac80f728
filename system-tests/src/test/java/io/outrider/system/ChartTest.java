package io.outrider.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The Helm chart for each value set that is shipped: no key that Kubernetes does not know, nothing that a cluster's policy forbids. */
class ChartTest {

    private static final Path DEV = Chart.FOLDER.resolve("ci/azure-dev.yaml");
    private static final Path PROD = Chart.FOLDER.resolve("ci/azure-prod.yaml");
    private static final List<String> NODES = List.of("outrider-detection", "outrider-api", "outrider-batch");

    static List<Path> valueSets() throws IOException {
        return Chart.valueSets();
    }

    @Test
    void itHasThreeValueSets() throws Exception {
        assertThat(Chart.valueSets()).hasSize(3);
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void helmFindsNothingWrong(Path values, @TempDir Path folder) throws Exception {
        LintResult lint = Chart.lint(values, folder);
        assertThat(lint.getMessages())
                .noneMatch(message -> message.startsWith("[ERROR]") || message.startsWith("[WARNING]"));
        assertThat(lint.isFailed()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void everyKeyExists(Path values) throws Exception {
        List<JsonNode> objects = Chart.render(values, Map.of());
        assertThat(objects).hasSizeGreaterThan(15);
        assertThat(objects.stream().flatMap(object -> StrictModels.unknownKeys(object).stream()))
                .isEmpty();
    }

    @Test
    void aMisspeltKeyIsFound() throws Exception {
        JsonNode detection = Chart.object(Chart.render(DEV, Map.of()), "Deployment", "outrider-detection");
        ((ObjectNode) detection.at("/spec/template/spec/containers/0")).put("livenesProbe", "gone");
        assertThat(StrictModels.unknownKeys(detection))
                .hasSize(1)
                .first()
                .asString()
                .endsWith(".livenesProbe");
        JsonNode scaled = Chart.object(Chart.render(DEV, Map.of()), "ScaledObject", "outrider-detection");
        ((ObjectNode) scaled.get("spec")).put("maxReplicas", 3);
        assertThat(StrictModels.unknownKeys(scaled)).containsExactly("ScaledObject: maxReplicas");
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void noContainerMayDoMoreThanItMust(Path values) throws Exception {
        List<JsonNode> pods = Chart.pods(Chart.render(values, Map.of())).toList();
        assertThat(pods).hasSizeGreaterThanOrEqualTo(4);
        for (JsonNode pod : pods) {
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(pod.at("/securityContext/runAsUser").asInt()).isGreaterThan(10_000);
            assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
            assertThat(pod.has("hostNetwork") || pod.has("hostPID") || pod.has("hostIPC"))
                    .isFalse();
            assertThat(Chart.elements(pod.path("volumes"))).noneMatch(volume -> volume.has("hostPath"));
            for (JsonNode container : pod.get("containers")) {
                JsonNode security = container.get("securityContext");
                assertThat(security.get("readOnlyRootFilesystem").asBoolean()).isTrue();
                assertThat(security.get("allowPrivilegeEscalation").asBoolean()).isFalse();
                assertThat(security.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
                assertThat(container.at("/resources/requests").properties())
                        .extracting(Map.Entry::getKey)
                        .contains("cpu", "memory");
                assertThat(container.at("/resources/limits/memory"))
                        .as("memory limit, equal to the request: what is promised is there")
                        .isEqualTo(container.at("/resources/requests/memory"));
                assertThat(container.get("image").asText()).matches(".+(:[0-9][^:]*|@sha256:[0-9a-f]{64})");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void nodesAreProbedSpreadAndHandOverBeforeTheyEnd(Path values) throws Exception {
        List<JsonNode> objects = Chart.render(values, Map.of());
        for (String name : NODES) {
            JsonNode deployment = Chart.object(objects, "Deployment", name);
            JsonNode pod = deployment.at("/spec/template/spec");
            JsonNode container = pod.at("/containers/0");
            assertThat(container.at("/startupProbe/httpGet/path").asText()).isEqualTo("/health/live");
            assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/health/live");
            assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/health/ready");
            assertThat(deployment.at("/spec/template/metadata/labels/app").asText())
                    .as("the actor system's name, by which nodes find each other")
                    .isEqualTo("outrider");
            assertThat(deployment.at("/spec/strategy/rollingUpdate/maxSurge").asInt())
                    .isEqualTo(1);
            assertThat(deployment
                            .at("/spec/strategy/rollingUpdate/maxUnavailable")
                            .asInt())
                    .isZero();
            assertThat(pod.get("terminationGracePeriodSeconds").asInt()).isBetween(60, 600);
            JsonNode spread = pod.get("topologySpreadConstraints");
            assertThat(Chart.elements(spread)
                            .map(each -> each.get("topologyKey").asText()))
                    .containsExactlyInAnyOrder("topology.kubernetes.io/zone", "kubernetes.io/hostname");
            for (JsonNode constraint : spread) {
                assertThat(constraint.get("maxSkew").asInt()).isEqualTo(1);
                assertThat(constraint.get("labelSelector"))
                        .as("its own pods, or others' would push them together")
                        .isEqualTo(deployment.at("/spec/selector"));
                assertThat(constraint.get("matchLabelKeys").toString()).isEqualTo("[\"pod-template-hash\"]");
            }
            JsonNode budget = Chart.object(objects, "PodDisruptionBudget", name);
            assertThat(budget.at("/spec/maxUnavailable").asInt()).isEqualTo(1);
            assertThat(budget.at("/spec/selector")).isEqualTo(deployment.at("/spec/selector"));
        }
    }

    /** A pod that fills a volume is evicted. */
    @ParameterizedTest
    @MethodSource("valueSets")
    void thereIsRoomForWhatNodesPutOnDisk(Path values) throws Exception {
        Matcher copies = Pattern.compile("copies = (\\d+) MiB")
                .matcher(Files.readString(Processes.HOME.resolve("detection/src/main/resources/reference.conf")));
        assertThat(copies.find()).isTrue();
        List<JsonNode> objects = Chart.render(values, Map.of());
        for (String name : NODES) {
            JsonNode pod = Chart.object(objects, "Deployment", name).at("/spec/template/spec");
            long tmp = mebibytes(volume(pod, "tmp"));
            assertThat(tmp).isGreaterThan(Long.parseLong(copies.group(1)));
            assertThat(tmp + mebibytes(volume(pod, "scratch")))
                    .isLessThan(mebibytes(pod.at("/containers/0/resources/limits/ephemeral-storage")));
            assertThat(Chart.elements(pod.at("/containers/0/volumeMounts"))
                            .filter(mount -> mount.get("name").asText().equals("scratch"))
                            .map(mount -> mount.get("mountPath").asText()))
                    .as("where jobs put their files")
                    .containsExactly(Chart.variables(objects, name).get("OUTRIDER_SUPERVISOR_DISK"));
        }
    }

    private static JsonNode volume(JsonNode pod, String name) {
        return Chart.elements(pod.get("volumes"))
                .filter(volume -> volume.get("name").asText().equals(name))
                .findFirst()
                .orElseThrow()
                .at("/emptyDir/sizeLimit");
    }

    private static long mebibytes(JsonNode quantity) {
        String text = quantity.asText();
        long number = Long.parseLong(text.substring(0, text.length() - 2));
        return text.endsWith("Gi") ? number << 10 : number;
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void everyVariableIsASettingOfTheProgram(Path values) throws Exception {
        List<JsonNode> objects = Chart.render(values, Map.of());
        Set<String> named = Chart.pods(objects)
                .flatMap(pod -> Chart.elements(pod.get("containers")))
                .filter(container -> container.get("name").asText().equals("outrider"))
                .flatMap(container -> Chart.elements(container.get("env")))
                .map(variable -> variable.get("name").asText())
                // Only the chart's own references to the pod's address and name, and what java itself reads.
                .filter(name ->
                        !Set.of("POD_IP", "POD_NAME", "JDK_JAVA_OPTIONS").contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(named).hasSizeGreaterThan(10);
        Set<String> unknown = new TreeSet<>(named);
        unknown.removeAll(settings());
        unknown.removeAll(variables(Chart.object(objects, "ConfigMap", "outrider-settings")
                .at("/data/settings.conf")
                .asText()));
        assertThat(unknown).isEmpty();
    }

    /** Where a value set says {@code settings}, they hold for every part, whether it is a node or not. */
    @Test
    void everyPartReadsTheSettings() throws Exception {
        List<JsonNode> objects = Chart.render(DEV, Map.of("settings", "outrider.kafka.topics.ingress = in"));
        for (String name : List.of("outrider-detection", "outrider-api", "outrider-batch", "outrider-rekey")) {
            JsonNode pod = Chart.object(objects, "Deployment", name).at("/spec/template");
            JsonNode container = pod.at("/spec/containers/0");
            assertThat(container.get("args").toString() + Chart.variables(objects, name))
                    .as("how it is told of the file")
                    .contains("/etc/outrider/settings.conf");
            assertThat(Chart.elements(container.get("volumeMounts"))
                            .filter(mount -> mount.get("name").asText().equals("settings"))
                            .map(mount -> mount.get("mountPath").asText()))
                    .containsExactly("/etc/outrider");
            assertThat(Chart.elements(pod.at("/spec/volumes"))
                            .map(volume -> volume.at("/configMap/name").asText()))
                    .contains("outrider-settings");
            assertThat(pod.at("/metadata/annotations").has("checksum/settings"))
                    .as("started anew when they change")
                    .isTrue();
        }
    }

    /** The environment variables that a module's configuration reads. */
    private static Set<String> settings() throws IOException {
        Set<String> settings = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Processes.HOME, 5)) {
            for (Path file : files.filter(path -> path.toString().matches(".*/src/main/resources/[^/]+\\.(conf|xml)"))
                    .toList()) {
                settings.addAll(variables(Files.readString(file)));
            }
        }
        return settings;
    }

    /** Variables that settings take as a value, or name, where they must not hold it. */
    private static Set<String> variables(String settings) {
        return Pattern.compile("(?:\\$\\{\\??|-env = \"?)([A-Z][A-Z0-9_]*)")
                .matcher(settings)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void thereAreNeverMoreDetectionPodsThanPartitions() throws Exception {
        JsonNode capped = Chart.object(Chart.render(PROD, Map.of()), "ScaledObject", "outrider-detection");
        assertThat(capped.at("/spec/maxReplicaCount").asInt()).isEqualTo(32);
        assertThat(Chart.object(Chart.render(PROD, Map.of()), "Deployment", "outrider-detection")
                        .at("/spec")
                        .has("replicas"))
                .as("a number of replicas that would fight with the autoscaler's")
                .isFalse();
        assertThatThrownBy(() -> Chart.render(PROD, Map.of("autoscaling.minReplicas", 40)))
                .hasMessageContaining("autoscaling.minReplicas must not exceed partitions");
    }

    @Test
    void theLagIsThatOfTheGroupAndTopicThatTheValuesName() throws Exception {
        Path kafka = Chart.FOLDER.resolve("ci/kafka.yaml");
        JsonNode usual = Chart.object(Chart.render(kafka, Map.of()), "ScaledObject", "outrider-detection")
                .at("/spec/triggers/0/metadata");
        assertThat(usual.at("/consumerGroup").asText()).isEqualTo("outrider");
        assertThat(usual.at("/topic").asText()).isEqualTo("transactions");

        Map<String, Object> others =
                Map.of("autoscaling.kafka.consumerGroup", "fraud", "autoscaling.kafka.topic", "payments");
        JsonNode named = Chart.object(Chart.render(kafka, others), "ScaledObject", "outrider-detection")
                .at("/spec/triggers/0/metadata");
        assertThat(named.at("/consumerGroup").asText()).isEqualTo("fraud");
        assertThat(named.at("/topic").asText()).isEqualTo("payments");
    }

    @Test
    void theScaledMetricIsOneThatTheProgramHas() throws Exception {
        JsonNode scaled = Chart.object(Chart.render(PROD, Map.of()), "ScaledObject", "outrider-detection");
        Matcher metric = Pattern.compile("outrider_[a-z_]+")
                .matcher(scaled.at("/spec/triggers/0/metadata/query").asText());
        assertThat(metric.find()).isTrue();
        try (Stream<Path> files = Files.walk(Processes.HOME.resolve("http-api/src/main/java"))) {
            assertThat(files.filter(path -> path.toString().endsWith(".java")).anyMatch(path -> contains(path, metric)))
                    .as(metric.group())
                    .isTrue();
        }
    }

    private static boolean contains(Path file, Matcher metric) {
        try {
            return Files.readString(file).contains('"' + metric.group() + '"');
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void whoMayTalkToNodesIsNamed() throws Exception {
        List<JsonNode> objects = Chart.render(PROD, Map.of());
        JsonNode nodes =
                Chart.object(objects, "NetworkPolicy", "outrider-nodes").get("spec");
        for (JsonNode rule : nodes.get("ingress")) {
            assertThat(rule.get("from")).isNotEmpty();
            assertThat(rule.get("ports")).isNotEmpty();
        }
        JsonNode role = Chart.object(objects, "Role", "outrider-discovery");
        assertThat(role.get("rules")).hasSize(1);
        assertThat(role.at("/rules/0/resources").toString()).isEqualTo("[\"pods\"]");
        assertThat(role.at("/rules/0/verbs").toString()).isEqualTo("[\"get\",\"list\",\"watch\"]");
        JsonNode binding = Chart.object(objects, "RoleBinding", "outrider-discovery");
        assertThat(binding.at("/roleRef/name").asText()).isEqualTo("outrider-discovery");
        assertThat(Chart.elements(binding.get("subjects"))
                        .map(subject -> subject.get("name").asText()))
                .as("who may ask which pods there are: nodes, and nobody else")
                .containsExactlyInAnyOrderElementsOf(NODES);
        for (String name : NODES) {
            JsonNode account = Chart.object(objects, "ServiceAccount", name);
            assertThat(account.at("/metadata/annotations").toString()).contains("azure.workload.identity/client-id");
        }
    }

    @Test
    void valuesThatCannotBeMeantAreRefused() {
        assertThatThrownBy(() -> Chart.render(DEV, Map.of("partitions", 0))).hasMessageContaining("partitions");
        assertThatThrownBy(() -> Chart.render(DEV, Map.of("detection.replica", 3)))
                .hasMessageContaining("replica");
        assertThatThrownBy(() -> Chart.render(DEV, Map.of("kafka.bootstrapServers", "kafka:9092")))
                .hasMessageContaining("exclude each other");
        assertThatThrownBy(() -> Chart.render(DEV, Map.of("lake.accountUrl", "")))
                .hasMessageContaining("where the lake is");
    }
}
