package io.outrider.app.bench.throughput;

import com.typesafe.config.Config;
import io.outrider.app.bench.world.BenchWorld;
import io.outrider.core.account.AccountState;
import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.alert.Alert;
import io.outrider.core.decision.DetectionContext;
import io.outrider.core.decision.Detector;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionDecoder;
import io.outrider.core.model.Model;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.detection.alert.KafkaPublisher;
import io.outrider.detection.protocol.RaisedAlert;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.TopicInfo;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The limit: one plain thread per core polls its partitions, decodes, keeps the accounts in a plain map, scores and
 * publishes with the same classes as Outrider. No actor, nothing durable: a crash would lose everything.
 */
final class LimitPass implements Pass {

    private final BenchWorld world;
    private final LongAdder done = new LongAdder();
    private final LongAdder raised = new LongAdder();
    private final LiveMetrics metrics = new LiveMetrics();
    private volatile boolean over;

    LimitPass(BenchWorld world) {
        this.world = world;
    }

    @Override
    public Meter.Measurement run(String name, Load load, long alerts) throws IOException {
        Config config = world.kafka().config(name, Map.of());
        KafkaSettings kafka = KafkaSettings.from(config);
        TopicInfo topic = world.kafka().topics(kafka);
        Model model = world.models().load(world.context().modelVersion());
        DetectionContext context = new DetectionContext(world.context(), model, MerchantRisk.NONE);
        int threads = Math.min(topic.partitions(), Runtime.getRuntime().availableProcessors());
        try (KafkaPublisher publisher = publisher(kafka, topic)) {
            for (int worker = 0; worker < threads; worker++) {
                int number = worker;
                List<TopicPartition> share = IntStream.range(0, topic.partitions())
                        .filter(partition -> partition % threads == number)
                        .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                        .toList();
                Thread thread =
                        new Thread(() -> new Worker(kafka, topic, context, publisher).run(share), "limit-" + worker);
                thread.setDaemon(true);
                thread.start();
            }
            return load.measure(done::sum, () -> metrics.alerts.sum() == raised.sum());
        } finally {
            over = true;
        }
    }

    private KafkaPublisher publisher(KafkaSettings kafka, TopicInfo topic) {
        Map<String, Object> properties = new HashMap<>(KafkaPublisher.producerProperties());
        properties.putAll(kafka.adminProperties());
        return new KafkaPublisher(
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer()),
                new KafkaPublisher.Topics(
                        kafka.topics().alerts(),
                        kafka.topics().deadLetters(),
                        kafka.topics().scoredTransactions(),
                        "/outrider/" + topic.name(),
                        topic::generation),
                metrics,
                Clock.systemUTC());
    }

    private final class Worker {

        private final KafkaSettings kafka;
        private final TopicInfo topic;
        private final DetectionContext context;
        private final KafkaPublisher publisher;
        private final TransactionDecoder decoder =
                new TransactionDecoder(world.kafka().plan().schema());
        private final Detector detector = new Detector(world.kafka().plan());
        private final AccountStateCodec states =
                new AccountStateCodec(world.kafka().plan());
        private final Map<String, AccountState> accounts = new HashMap<>();

        Worker(KafkaSettings kafka, TopicInfo topic, DetectionContext context, KafkaPublisher publisher) {
            this.kafka = kafka;
            this.topic = topic;
            this.context = context;
            this.publisher = publisher;
        }

        void run(List<TopicPartition> share) {
            try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.consumerProperties())) {
                consumer.assign(share);
                consumer.seekToBeginning(share);
                while (!over) {
                    int polled = 0;
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
                        take(record);
                        polled++;
                    }
                    done.add(polled);
                }
            }
        }

        private void take(ConsumerRecord<byte[], byte[]> record) {
            if (!(decoder.decode(record.value(), record.timestamp()) instanceof Transaction event)) {
                throw new IllegalStateException("the benchmark sent a bad event at offset " + record.offset());
            }
            if (world.kafka().reading().partitioner().partition(event.account(), topic.partitions())
                    != record.partition()) {
                throw new IllegalStateException("the benchmark sent an event elsewhere: offset " + record.offset());
            }
            AccountState state = accounts.computeIfAbsent(event.account(), account -> states.fresh());
            LogPosition position = new LogPosition(topic.generation(), record.partition(), record.offset());
            Alert alert = detector.detect(state, event, position, context);
            if (alert != null) {
                raised.increment();
                publisher.publish(new RaisedAlert(alert, record.timestamp()), () -> {});
            }
        }
    }
}
