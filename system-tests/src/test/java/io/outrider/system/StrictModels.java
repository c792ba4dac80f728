package io.outrider.system;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds keys that Kubernetes does not know. It would drop them without a word: a misspelt probe is no probe. Objects of
 * Kubernetes' own kinds are read into their models; of the others, which have none here, the keys used are listed.
 */
final class StrictModels {

    /** Keys of custom resources, by kind and place, as their definitions have them. */
    private static final Map<String, Set<String>> CUSTOM = Map.ofEntries(
            Map.entry(
                    "ScaledObject",
                    Set.of(
                            "scaleTargetRef.name",
                            "minReplicaCount",
                            "maxReplicaCount",
                            "pollingInterval",
                            "cooldownPeriod",
                            "fallback.failureThreshold",
                            "fallback.replicas",
                            "fallback.behavior",
                            "advanced.horizontalPodAutoscalerConfig.behavior.scaleUp.stabilizationWindowSeconds",
                            "advanced.horizontalPodAutoscalerConfig.behavior.scaleUp.policies[].type",
                            "advanced.horizontalPodAutoscalerConfig.behavior.scaleUp.policies[].value",
                            "advanced.horizontalPodAutoscalerConfig.behavior.scaleUp.policies[].periodSeconds",
                            "advanced.horizontalPodAutoscalerConfig.behavior.scaleDown.stabilizationWindowSeconds",
                            "advanced.horizontalPodAutoscalerConfig.behavior.scaleDown.policies[].type",
                            "advanced.horizontalPodAutoscalerConfig.behavior.scaleDown.policies[].value",
                            "advanced.horizontalPodAutoscalerConfig.behavior.scaleDown.policies[].periodSeconds",
                            "triggers[].type",
                            "triggers[].metricType",
                            "triggers[].authenticationRef.name",
                            "triggers[].metadata.serverAddress",
                            "triggers[].metadata.query",
                            "triggers[].metadata.threshold",
                            "triggers[].metadata.ignoreNullValues",
                            "triggers[].metadata.bootstrapServers",
                            "triggers[].metadata.consumerGroup",
                            "triggers[].metadata.topic",
                            "triggers[].metadata.lagThreshold",
                            "triggers[].metadata.allowIdleConsumers",
                            "triggers[].metadata.limitToPartitionsWithLag")),
            Map.entry(
                    "SecretProviderClass",
                    Set.of(
                            "provider",
                            "parameters.keyvaultName",
                            "parameters.tenantId",
                            "parameters.clientID",
                            "parameters.usePodIdentity",
                            "parameters.objects",
                            "secretObjects[].secretName",
                            "secretObjects[].type",
                            "secretObjects[].data[].key",
                            "secretObjects[].data[].objectName")),
            Map.entry("TriggerAuthentication", Set.of("podIdentity.provider", "podIdentity.identityId")),
            Map.entry(
                    "PodMonitor",
                    Set.of(
                            "jobLabel",
                            "selector.matchLabels.*",
                            "podMetricsEndpoints[].port",
                            "podMetricsEndpoints[].path",
                            "podMetricsEndpoints[].interval")),
            Map.entry(
                    "Certificate",
                    Set.of(
                            "secretName",
                            "commonName",
                            "dnsNames[]",
                            "usages[]",
                            "privateKey.algorithm",
                            "privateKey.encoding",
                            "privateKey.size",
                            "privateKey.rotationPolicy",
                            "duration",
                            "renewBefore",
                            "issuerRef.name",
                            "issuerRef.kind",
                            "issuerRef.group")));

    private StrictModels() {}

    /** The places of all keys that do not exist; empty when all do. */
    static List<String> unknownKeys(JsonNode object) {
        List<String> unknown = new ArrayList<>();
        String kind = object.at("/kind").asText();
        Set<String> known = CUSTOM.get(kind);
        if (known != null) {
            custom(object.get("spec"), kind, "", known, unknown);
            return unknown;
        }
        Object model = new KubernetesSerialization().unmarshal(object.toString());
        if (!model.getClass().getSimpleName().equals(kind)) {
            unknown.add(kind + ": a kind without a model");
            return unknown;
        }
        typed(model, kind, unknown);
        return unknown;
    }

    private static void custom(JsonNode node, String kind, String place, Set<String> known, List<String> unknown) {
        if (node.isObject()) {
            node.properties()
                    .forEach(entry -> custom(
                            entry.getValue(),
                            kind,
                            place.isEmpty() ? entry.getKey() : place + "." + entry.getKey(),
                            known,
                            unknown));
        } else if (node.isArray()) {
            node.forEach(element -> custom(element, kind, place + "[]", known, unknown));
        } else if (!known.contains(place)
                && known.stream().noneMatch(key -> key.endsWith(".*") && place.startsWith(key.replace("*", "")))) {
            unknown.add(kind + ": " + place);
        }
    }

    private static void typed(Object model, String place, List<String> unknown) {
        if (model instanceof Collection<?> elements) {
            elements.forEach(element -> typed(element, place + "[]", unknown));
        } else if (model instanceof Map<?, ?> map) {
            map.forEach((key, value) -> typed(value, place + "." + key, unknown));
        } else if (model != null && model.getClass().getName().startsWith("io.fabric8.kubernetes.api.model")) {
            for (Method getter : model.getClass().getMethods()) {
                if (getter.getParameterCount() > 0
                        || !getter.getName().startsWith("get")
                        || getter.getDeclaringClass() == Object.class) {
                    continue;
                }
                Object value = value(model, getter);
                if (getter.getName().equals("getAdditionalProperties")) {
                    ((Map<?, ?>) value).keySet().forEach(key -> unknown.add(place + "." + key));
                } else {
                    typed(value, place + "." + getter.getName().substring(3), unknown);
                }
            }
        }
    }

    private static Object value(Object model, Method getter) {
        try {
            return getter.invoke(model);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(getter.toString(), e);
        }
    }
}
