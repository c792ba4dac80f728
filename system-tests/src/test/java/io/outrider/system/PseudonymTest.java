package io.outrider.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A local Outrider with a key: no account's id is anywhere behind the topic, and who knows one finds the account by it. */
class PseudonymTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String KEY = "a key for this test, and long enough";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** How the simulator calls accounts. */
    private static final Pattern ID = Pattern.compile("C\\d{6}");

    /** Capture files of what producers wrote, events and the simulator's labels, and what a killed process was writing of them. */
    private static final Pattern AS_PRODUCED =
            Pattern.compile("/raw-transactions/outrider/(transactions|labels)/|/[.]outrider/unfinished/");

    private static final Pattern NAME = Pattern.compile("pn-[0-9a-f]{32}-[0-9a-z]+");

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void noIdIsSeenBehindTheTopicAndALookUpByIdWorks() throws Exception {
        Path data = folder.resolve("data");
        Set<String> ids = new HashSet<>();
        try (LocalOutrider outrider = new LocalOutrider(data, "--rate", "300")
                .with(Map.of("OUTRIDER_PSEUDONYM_KEY", KEY, "OUTRIDER_CAPTURE_TIME_WINDOW", "2 s"))
                .start()) {
            CompletableFuture<String> streamed = CompletableFuture.supplyAsync(() -> firstAlert(outrider));
            await().atMost(PATIENCE)
                    .until(() ->
                            !outrider.get("/api/v1/alerts?limit=1").get("items").isEmpty());
            String account = outrider.get("/api/v1/alerts?limit=1")
                    .get("items")
                    .get(0)
                    .get("account")
                    .asText();
            assertThat(account).matches(NAME);
            assertSeesNoId(streamed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
            assertSeesNoId(outrider.get("/api/v1/accounts?limit=50").toString());
            assertSeesNoId(outrider.get("/api/v1/alerts?limit=50").toString());
            assertSeesNoId(text(outrider, "GET", "/api/v1/alerts?format=csv"));
            records(outrider, "alerts").forEach(record -> assertSeesNoId(record.key() + record.value()));

            String id = idOf(outrider, account);
            assertThat(outrider.get("/api/v1/accounts/" + id).get("account").asText())
                    .isEqualTo(account);
            assertThat(outrider.get("/api/v1/accounts/" + account)
                            .get("account")
                            .asText())
                    .isEqualTo(account);
            assertThat(outrider.get("/api/v1/alerts?account=" + id).get("items"))
                    .isNotEmpty()
                    .allMatch(alert -> alert.get("account").asText().equals(account));
            HttpResponse<String> score =
                    outrider.post("/api/v1/score", "application/json", "{\"user_id\":\"" + id + "\",\"amount\":900}");
            assertThat(score.statusCode()).as(score.body()).isEqualTo(200);
            assertSeesNoId(score.body());
            assertThat(score.body()).contains(account);

            assertDatasetNamesNobody(outrider, data);
            assertErasedById(outrider, id);
            for (ConsumerRecord<String, String> record : records(outrider, "transactions")) {
                ids.add(JSON.readTree(record.value()).path("user_id").asText());
            }
            assertThat(ids).contains(id);
        }
        assertLakeNamesNobody(data, ids);
        String log = Files.readString(data.resolveSibling("data.log"));
        assertSeesNoId(log);
        assertThat(log).doesNotContain(KEY);
    }

    /** What a subscriber sees first. */
    private String firstAlert(LocalOutrider outrider) {
        HttpRequest request =
                HttpRequest.newBuilder(outrider.uri("/api/v1/alerts/stream")).build();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                client.send(request, BodyHandlers.ofInputStream()).body(), UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("data:") && line.contains("modelVersion")) {
                    return line;
                }
            }
            throw new AssertionError("the stream ended without an alert");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The id of the account whose transaction's id an alert of it has. */
    private static String idOf(LocalOutrider outrider, String account) throws Exception {
        String transaction = outrider.get("/api/v1/accounts/" + account)
                .get("recentTransactions")
                .get(0)
                .get("transactionId")
                .asText();
        for (ConsumerRecord<String, String> record : records(outrider, "transactions")) {
            JsonNode event = JSON.readTree(record.value());
            if (event.path("transaction_id").asText().equals(transaction)) {
                return event.get("user_id").asText();
            }
        }
        throw new AssertionError("transaction " + transaction + " is not in the topic");
    }

    private void assertDatasetNamesNobody(LocalOutrider outrider, Path data) throws Exception {
        await().atMost(PATIENCE).until(() -> !captured(data).isEmpty());
        await().atMost(PATIENCE).until(() -> {
            HttpResponse<String> asked = outrider.post("/api/v1/etl/runs", "application/json", "{}");
            return asked.statusCode() < 500 && !parquet(data).isEmpty();
        });
        String files = parquet(data).stream().map(file -> "'" + file + "'").collect(Collectors.joining(",", "[", "]"));
        try (Connection db = DriverManager.getConnection("jdbc:duckdb:");
                ResultSet row = db.createStatement()
                        .executeQuery("SELECT count(*), count(*) FILTER (account LIKE 'pn-%') FROM read_parquet("
                                + files + ")")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getLong(1)).isPositive().isEqualTo(row.getLong(2));
        }
    }

    /** Not while it runs: files come and go. In packed bytes a C may stand before six digits that are nobody's id. */
    private static void assertLakeNamesNobody(Path data, Set<String> ids) throws IOException {
        for (Path file : files(data.resolve("lake"))) {
            if (!AS_PRODUCED.matcher(file.toString()).find()) {
                assertThat(ID.matcher(new String(Files.readAllBytes(file), ISO_8859_1))
                                .results()
                                .map(MatchResult::group))
                        .as(file.toString())
                        .doesNotContainAnyElementsOf(ids);
            }
        }
    }

    private void assertErasedById(LocalOutrider outrider, String id) throws Exception {
        HttpResponse<String> erased = send(outrider, "DELETE", "/api/v1/accounts/" + id);
        assertThat(erased.statusCode()).as(erased.body()).isEqualTo(202);
        assertSeesNoId(erased.body());
        String erasure = erased.headers().firstValue("Location").orElseThrow();
        await().atMost(PATIENCE)
                .until(() -> outrider.get(erasure).get("finished").asBoolean());
    }

    private static List<Path> captured(Path data) throws IOException {
        return files(data.resolve("lake/raw-transactions/outrider/transactions"));
    }

    private static List<Path> parquet(Path data) throws IOException {
        return files(data.resolve("lake/processed-transactions")).stream()
                .filter(file -> file.toString().contains("event_date=")
                        && !file.toString().contains("/labels-"))
                .toList();
    }

    private static List<Path> files(Path under) throws IOException {
        if (!Files.isDirectory(under)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(under)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private static List<ConsumerRecord<String, String>> records(LocalOutrider outrider, String topic) {
        Map<String, Object> config = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                outrider.bootstrapServers(),
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest");
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.seekToBeginning(partitions);
            while (partitions.stream()
                    .anyMatch(
                            partition -> consumer.position(partition) < Objects.requireNonNull(ends.get(partition)))) {
                consumer.poll(Duration.ofMillis(500)).forEach(records::add);
            }
        }
        assertThat(records).isNotEmpty();
        return records;
    }

    private static void assertSeesNoId(String text) {
        assertThat(ID.matcher(text).find()).as(text).isFalse();
    }

    private String text(LocalOutrider outrider, String method, String path) throws Exception {
        return send(outrider, method, path).body();
    }

    private HttpResponse<String> send(LocalOutrider outrider, String method, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(outrider.uri(path))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }
}
