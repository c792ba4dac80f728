package io.outrider.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A system that runs is given a model of what it has itself captured, and no event is lost or counted twice over it. */
class NewModelTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void aRequestedModelOfThisVeryRunDecidesWithinAMinute() throws Exception {
        Path data = folder.resolve("data");
        try (LocalOutrider local = new LocalOutrider(data, "--rate", "500")) {
            local.start();
            await("enough traffic to learn from").atMost(LIMIT).until(() -> local.events() >= 20_000);
            String first = champion(local);

            long askedNanos = System.nanoTime();
            HttpResponse<String> asked = local.post("/api/v1/training/runs", "application/json", "{}");
            assertThat(asked.statusCode()).as(asked.body()).isEqualTo(202);
            String location = asked.headers().firstValue("Location").orElseThrow();
            JsonNode run = await("the training's end")
                    .atMost(LIMIT)
                    .until(
                            () -> local.get(location),
                            found -> !found.get("outcome").isNull());
            assertThat(run.get("outcome").asText()).as(run.toString()).isEqualTo("done");
            String version = run.at("/results/modelVersion").asText();
            assertThat(version).isNotEmpty().isNotEqualTo(first);
            assertThat(local.post(
                                    "/api/v1/rollout",
                                    "application/json",
                                    "{\"action\":\"shadow\",\"modelVersion\":\"" + version + "\"}")
                            .statusCode())
                    .isEqualTo(200);
            await("a gate that lets it through")
                    .atMost(LIMIT)
                    .until(() -> local.post("/api/v1/models/" + version + "/promote", "application/json", "{}")
                                    .statusCode()
                            == 200);
            assertThat(champion(local)).isEqualTo(version);
            await("an alert of the new model").atMost(LIMIT).until(() -> alertOf(local, version));
            Duration took = Duration.ofNanos(System.nanoTime() - askedNanos);
            System.out.println("asked for to an alert of its own: " + took.toMillis() + " ms");
            assertThat(took).isLessThan(A_MINUTE);

            local.interrupt();
        }
        try (LocalOutrider quiet = new LocalOutrider(data, "--no-simulator")) {
            quiet.start();
            Map<String, AccountTotals.Total> inTheLog = inTheLog(quiet.bootstrapServers());
            await("all that is in the log")
                    .atMost(LIMIT)
                    .untilAsserted(() ->
                            assertThat(AccountTotals.told(quiet.accounts())).isEqualTo(inTheLog));
        }
    }

    private static String champion(LocalOutrider local) throws Exception {
        return local.get("/api/v1/rollout").at("/champion/modelVersion").asText();
    }

    private static boolean alertOf(LocalOutrider local, String version) throws Exception {
        for (JsonNode alert : local.get("/api/v1/alerts?limit=100").get("items")) {
            if (version.equals(alert.path("modelVersion").asText())) {
                return true;
            }
        }
        return false;
    }

    /** What a plain consumer makes of all records, every transaction once. */
    private static Map<String, AccountTotals.Total> inTheLog(String bootstrap) throws Exception {
        Map<String, AccountTotals.Total> totals = new TreeMap<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap), new StringDeserializer(), new StringDeserializer())) {
            var partitions = consumer.partitionsFor("transactions").stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long left = consumer.endOffsets(partitions).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            while (left > 0) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                    left--;
                    JsonNode event = JSON.readTree(record.value().getBytes(UTF_8));
                    BigDecimal amount = event.get("amount").decimalValue().setScale(2, RoundingMode.HALF_EVEN);
                    totals.merge(
                            event.get("user_id").asText(),
                            new AccountTotals.Total(1, amount),
                            (before, one) -> new AccountTotals.Total(
                                    before.events() + one.events(),
                                    before.amount().add(one.amount())));
                }
            }
        }
        return totals;
    }
}
