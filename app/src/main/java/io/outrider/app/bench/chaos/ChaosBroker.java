package io.outrider.app.bench.chaos;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.app.broker.EmbeddedBroker;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.ingestion.kafka.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The only broker, through all its processes: they share port and data. */
final class ChaosBroker implements AutoCloseable {

    static final int PARTITIONS = 6;

    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private final Path home;
    private final Path data;
    private final int port;
    private final OutriderProcess process;

    ChaosBroker(Path home, Path folder) throws IOException {
        this.home = home;
        this.data = folder.resolve("kafka");
        this.port = EmbeddedBroker.freePort();
        this.process = new OutriderProcess("broker", folder);
    }

    String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    void start() throws IOException {
        process.start(
                home,
                Map.of("OUTRIDER_JAVA_OPTS", "-Xmx400m " + OutriderProcess.SHORT_LIVED),
                List.of("broker", "--port", Integer.toString(port), "--data-dir", data.toString()));
    }

    void kill() {
        process.kill();
    }

    /** The client settings of a group with alerts and dead letters of its own; a blank suffix is the cluster's. */
    KafkaSettings kafka(String suffix) {
        Config config = ConfigFactory.parseMap(Map.of(
                        "outrider.kafka.bootstrap-servers",
                        bootstrapServers(),
                        "outrider.kafka.topics.partitions",
                        PARTITIONS,
                        "outrider.kafka.topics.alerts",
                        "alerts" + suffix,
                        "outrider.kafka.topics.dead-letters",
                        "dead-letters" + suffix))
                .withFallback(ConfigFactory.parseMap(KafkaSettings.NO_EVENT_HUBS))
                .withFallback(ConfigFactory.load());
        return KafkaSettings.from(config.resolve());
    }

    /** Waits for the broker and creates what is missing of a group's topics; returns the transactions topic. */
    TopicInfo topics(String suffix) throws IOException, InterruptedException {
        KafkaSettings kafka = kafka(suffix);
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            try (Topics topics = new Topics(kafka)) {
                topics.createMissing();
                return topics.describe(kafka.topics().transactions());
            } catch (IOException e) {
                process.checkAlive();
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(200);
            }
        }
    }

    /** Records in the dead-letter topic. */
    long deadLetters(String suffix) throws IOException {
        KafkaSettings kafka = kafka(suffix);
        try (Topics topics = new Topics(kafka)) {
            String topic = kafka.topics().deadLetters();
            long records = 0;
            for (int partition = 0; partition < topics.describe(topic).partitions(); partition++) {
                records += topics.endOffset(topic, partition) - topics.startOffset(topic, partition);
            }
            return records;
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
