package io.outrider.app.bench.world;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.ingestion.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads back what a pass has published. */
public final class AlertTopic {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> OF_RISK =
            FeaturePlan.named("transactions").riskFeatures();

    private AlertTopic() {}

    /**
     * All alerts of a topic, as JSON by id.
     *
     * @throws IllegalStateException if one id stands for two different alerts
     */
    public static Map<String, String> read(KafkaSettings kafka) {
        Map<String, String> alerts = new TreeMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.consumerProperties())) {
            List<TopicPartition> partitions = consumer
                    .partitionsFor(kafka.topics().alerts())
                    .stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    String json = new String(record.value(), StandardCharsets.UTF_8);
                    String before = alerts.put(id(record), json);
                    if (before != null && !before.equals(json)) {
                        throw new IllegalStateException("two verdicts of one id:\n" + before + "\n" + json);
                    }
                }
            }
        }
        return alerts;
    }

    private static String id(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8);
    }

    /** The first few differences between two passes' alerts, or an empty text; see {@link #difference(List, Map)}. */
    public static String difference(Map<String, String> one, Map<String, String> other) {
        return difference(List.of(one), other);
    }

    /**
     * The first few alerts that are as none of the expected passes has them, or an empty text. Which merchant-risk table is in
     * force depends on the time at which it came, so that its version and the features it gives may differ between passes; no
     * model here uses them.
     */
    public static String difference(List<Map<String, String>> expected, Map<String, String> found) {
        Set<String> ids = new TreeSet<>(found.keySet());
        expected.forEach(pass -> ids.addAll(pass.keySet()));
        return ids.stream()
                .filter(id -> expected.stream()
                        .noneMatch(pass -> withoutRisk(pass.get(id)).equals(withoutRisk(found.get(id)))))
                .limit(3)
                .map(id -> expected.stream()
                                .map(pass -> pass.getOrDefault(id, "nothing"))
                                .distinct()
                                .collect(Collectors.joining("\n  or "))
                        + "\n  against " + found.getOrDefault(id, "nothing"))
                .collect(Collectors.joining("\n"));
    }

    private static JsonNode withoutRisk(@Nullable String alert) {
        if (alert == null) {
            return MissingNode.getInstance();
        }
        try {
            JsonNode json = JSON.readTree(alert);
            ObjectNode receipt = (ObjectNode) json.required("receipt");
            ((ObjectNode) receipt.required("context")).remove("riskVersion");
            ((ObjectNode) receipt.required("vector")).remove(OF_RISK);
            return json;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an alert is no JSON: " + alert, e);
        }
    }
}
