package io.outrider.app.bench.world;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionEncoder;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.ingestion.kafka.AccountRecords;
import io.outrider.ingestion.kafka.EventReading;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.ingestion.kafka.Topics;
import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Topics and events of a benchmark, on a broker with nothing else on it. */
public final class BenchKafka {

    private final String bootstrapServers;
    private final FeaturePlan plan = FeaturePlan.named("transactions");
    private final EventReading reading = new EventReading(plan.schema(), AccountPartitioner.named("murmur2"));
    private final TransactionEncoder encoder = new TransactionEncoder(plan.schema());

    public BenchKafka(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    public FeaturePlan plan() {
        return plan;
    }

    public EventReading reading() {
        return reading;
    }

    /** The default configuration, with a consumer group and an alerts topic of the pass's own. */
    public Config config(String pass, Map<String, String> overrides) {
        Map<String, String> settings = new HashMap<>(KafkaSettings.NO_EVENT_HUBS);
        settings.putAll(overrides);
        settings.put("outrider.kafka.bootstrap-servers", bootstrapServers);
        settings.put("outrider.kafka.group-id", "outrider-" + pass);
        settings.put("outrider.kafka.topics.alerts", "alerts-" + pass);
        return ConfigFactory.parseMap(settings)
                .withFallback(ConfigFactory.load())
                .resolve();
    }

    /** The transactions topic, after creating what is missing of the pass's topics. */
    public TopicInfo topics(KafkaSettings kafka) throws IOException {
        try (Topics topics = new Topics(kafka)) {
            topics.createMissing();
            return topics.describe(kafka.topics().transactions());
        }
    }

    /** Sends events as fast as it goes, and returns when the broker has them all. */
    public void send(Iterator<Transaction> traffic) throws IOException {
        KafkaSettings kafka = KafkaSettings.from(config("none", Map.of()));
        TopicInfo topic = topics(kafka);
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(kafka.bulkProducerProperties())) {
            traffic.forEachRemaining(event -> {
                var unused = producer.send(record(topic, event));
            });
            producer.flush();
        }
    }

    /** An event as a producer sends it. */
    public ProducerRecord<byte[], byte[]> record(TopicInfo topic, Transaction event) {
        return new AccountRecords(topic, reading.partitioner()).of(event.account(), encoder.encode(event));
    }
}
