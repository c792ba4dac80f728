package io.outrider.app.bench.throughput;

import io.outrider.app.bench.world.AccountDraw;
import io.outrider.app.bench.world.BenchKafka;
import io.outrider.app.bench.world.BenchTraffic;
import io.outrider.core.event.Transaction;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.TopicInfo;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code outrider bench send}: the other end of {@link SteadyLoad}. */
@Command(name = "send", hidden = true, description = "Sends a benchmark's events at a steady rate.")
public final class SendCommand implements Callable<Integer> {

    /** Events due within so long are sent together: waking up for each would take more than sending it. */
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    @Option(names = "--bootstrap-servers", required = true)
    private String bootstrapServers = "";

    @Option(names = "--accounts", required = true)
    private int accounts;

    @Option(names = "--distribution", required = true)
    private String distribution = "";

    @Option(names = "--events", required = true)
    private long events;

    @Option(names = "--rate", required = true)
    private int rate;

    @Option(names = "--until", required = true)
    private Instant until = Instant.EPOCH;

    @Option(names = "--seed", required = true)
    private long seed;

    @Override
    public Integer call() throws IOException {
        BenchKafka bench = new BenchKafka(bootstrapServers);
        KafkaSettings kafka = KafkaSettings.from(bench.config("none", Map.of()));
        TopicInfo topic = bench.topics(kafka);
        BenchTraffic traffic =
                new BenchTraffic(seed, AccountDraw.of(distribution, accounts), events, until, SteadyLoad.SPAN);
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(kafka.producerProperties())) {
            long begin = System.nanoTime();
            for (long sent = 0; sent < events; ) {
                long due = Math.min(events, (System.nanoTime() - begin) * rate / TimeUnit.SECONDS.toNanos(1));
                for (; sent < due; sent++) {
                    Transaction event = traffic.next();
                    var unused = producer.send(bench.record(topic, event));
                }
                LockSupport.parkNanos(STEP_NANOS);
            }
            producer.flush();
        }
        return 0;
    }
}
