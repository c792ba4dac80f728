package io.outrider.ingestion.simulator;

import io.outrider.ingestion.kafka.AccountRecords;
import io.outrider.ingestion.kafka.BulkProducer;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.Pacer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Iterator;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Sends a simulated world to Kafka, at a rate, and never ahead of the clock: an event whose time has not come waits for
 * it, so that however fast event time runs no event is in the future of its append time. {@link #send} blocks its
 * thread; {@link #stop} may be called from any.
 */
public final class TrafficSender implements AutoCloseable {

    private static final long REPORT_NANOS = 1_000_000_000L;
    private static final long NAP_NANOS = 20_000_000L;

    /**
     * Where to and how fast.
     *
     * @param records of the transactions topic, or of the ingress topic
     * @param keyed false to send events without a key, as the original's generator does
     * @param labelsTopic where labels go
     * @param eventsPerSecond 0 for as fast as it goes
     * @param speedUp event time per real time; 0 to let the rate alone decide
     * @param maxEvents stop after so many; 0 for no limit
     * @param maxSeconds stop after so long; 0 for no limit
     */
    public record Plan(
            AccountRecords records,
            boolean keyed,
            String labelsTopic,
            double eventsPerSecond,
            double speedUp,
            long maxEvents,
            long maxSeconds) {}

    /** How far it has come, once a second and at the end. */
    public record Progress(long events, long anomalies, long labels, long eventTimeMs, double elapsedSeconds) {}

    private final BulkProducer producer;
    private final Clock clock;
    private volatile boolean stopped;
    private long events;
    private long anomalies;
    private long labels;
    private long eventTimeMs;

    public TrafficSender(KafkaSettings kafka, Clock clock) {
        this.producer = new BulkProducer(kafka);
        this.clock = clock;
    }

    /**
     * Sends until the records, the plan's limits or {@link #stop} end it; everything sent is acknowledged when it
     * returns.
     */
    public Progress send(Iterator<? extends SimulatedRecord> world, Plan plan, Consumer<Progress> progress)
            throws IOException {
        Pacer pacer = new Pacer(plan.eventsPerSecond());
        long nextReport = REPORT_NANOS;
        long firstTimeMs = Long.MIN_VALUE;
        while (!stopped && world.hasNext() && !reached(plan, pacer)) {
            SimulatedRecord record = world.next();
            firstTimeMs = firstTimeMs == Long.MIN_VALUE ? record.timeMs() : firstTimeMs;
            if (record instanceof SimulatedEvent) {
                pacer.await();
            }
            if (!awaitTime(record.timeMs(), firstTimeMs, plan, pacer)) {
                break;
            }
            send(record, plan);
            if (pacer.elapsedNanos() >= nextReport) {
                nextReport = pacer.elapsedNanos() + REPORT_NANOS;
                progress.accept(progress(pacer));
            }
        }
        producer.flush();
        Progress last = progress(pacer);
        progress.accept(last);
        return last;
    }

    private boolean reached(Plan plan, Pacer pacer) {
        return (plan.maxEvents() > 0 && events >= plan.maxEvents())
                || (plan.maxSeconds() > 0 && pacer.elapsedNanos() >= plan.maxSeconds() * 1_000_000_000L);
    }

    /** False when the end came first. */
    private boolean awaitTime(long timeMs, long firstTimeMs, Plan plan, Pacer pacer) {
        while (timeMs > clock.millis() || early(timeMs - firstTimeMs, plan.speedUp(), pacer)) {
            if (stopped || reached(plan, pacer)) {
                return false;
            }
            LockSupport.parkNanos(NAP_NANOS);
        }
        return !stopped;
    }

    private static boolean early(long sinceFirstMs, double speedUp, Pacer pacer) {
        return speedUp > 0 && sinceFirstMs > speedUp * pacer.elapsedNanos() / 1e6;
    }

    private void send(SimulatedRecord record, Plan plan) throws IOException {
        if (record instanceof SimulatedEvent event) {
            producer.send(
                    plan.keyed()
                            ? plan.records().of(event.account(), event.json())
                            : plan.records().withoutKey(event.json()));
            events++;
            anomalies += event.anomaly() == null ? 0 : 1;
            eventTimeMs = event.timeMs();
        } else {
            byte[] key = record.account().getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(plan.labelsTopic(), key, record.json()));
            labels++;
        }
    }

    private Progress progress(Pacer pacer) {
        return new Progress(events, anomalies, labels, eventTimeMs, pacer.elapsedNanos() / 1e9);
    }

    /** Ends {@link #send} soon. */
    public void stop() {
        stopped = true;
    }

    @Override
    public void close() {
        stop();
        producer.close();
    }
}
