package io.outrider.detection.topic;

import io.outrider.lake.blob.FailureReason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that reads topics until it is closed, and starts over with a new consumer, after a pause, whenever something it
 * needs fails it or a topic has got more partitions. Thread-safe.
 */
public final class TopicReader implements AutoCloseable {

    /** How long one poll waits for records. */
    public static final Duration POLL = Duration.ofMillis(200);

    private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);
    private static final long RESTART_PAUSE_MS = 1_000;

    private final String what;
    private final Duration closeLimit;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Reading reading;
    private final Thread thread;
    private final RepeatedReason failures = new RepeatedReason();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile @Nullable Consumer<byte[], byte[]> consumer;

    /** What is done with a consumer, as long as it {@link #readsOn}; what blocks in the consumer at the end throws WakeupException. */
    @FunctionalInterface
    public interface Reading {
        void read(Consumer<byte[], byte[]> from) throws IOException, InterruptedException;
    }

    /**
     * Told of records that should be in the topic and are not: the first of them, and the first behind them. Where the topic
     * begins too late, they were never read; where it ends too early, they were, and others get their offsets.
     */
    @FunctionalInterface
    public interface Gap {
        void found(TopicPartition partition, long from, long to);
    }

    /**
     * A reader that does not read yet.
     *
     * @param what it does, for the log: the beginning of a sentence
     * @param closeLimit how long closing waits for what is at hand to be done
     * @param consumers opens a consumer without group, with byte array deserialisers
     */
    public TopicReader(
            String thread,
            String what,
            Duration closeLimit,
            Supplier<Consumer<byte[], byte[]>> consumers,
            Reading reading) {
        this.what = what;
        this.closeLimit = closeLimit;
        this.consumers = consumers;
        this.reading = reading;
        this.thread = new Thread(this::run, thread);
        this.thread.setDaemon(true);
    }

    /** Starts reading. Call once. */
    public void start() {
        thread.start();
    }

    /** Whether it is to end. */
    public boolean isClosing() {
        return closing.getCount() == 0;
    }

    /**
     * Whether to read on with a consumer: not if reading is to end, nor once a topic has more partitions than were assigned, for then it
     * starts over with all of them. The consumer hears of those as it refreshes its metadata, within {@code metadata.max.age.ms}.
     */
    public boolean readsOn(Consumer<byte[], byte[]> with) {
        return !isClosing() && !hasGrown(with);
    }

    private boolean hasGrown(Consumer<byte[], byte[]> of) {
        Map<String, Integer> assigned = new HashMap<>();
        of.assignment().forEach(partition -> assigned.merge(partition.topic(), 1, Integer::sum));
        for (Map.Entry<String, Integer> topic : assigned.entrySet()) {
            int partitions = of.partitionsFor(topic.getKey()).size();
            if (partitions > topic.getValue()) {
                LOG.info("{} starts again: topic {} has {} partitions now", what, topic.getKey(), partitions);
                return true;
            }
        }
        return false;
    }

    /** Waits, but not for longer than until it is to end; whether it is. */
    public boolean awaitClosing(Duration atMost) throws InterruptedException {
        return closing.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Has it end soon; does not wait. */
    public void stop() {
        closing.countDown();
        Consumer<byte[], byte[]> open = consumer;
        if (open != null) {
            open.wakeup();
        }
    }

    /** Has it end, and waits for it: a reader that is interrupted instead leaves its connections open. */
    @Override
    public void close() {
        stop();
        try {
            thread.join(closeLimit.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            do {
                attempt();
            } while (!awaitClosing(Duration.ofMillis(RESTART_PAUSE_MS)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void attempt() throws InterruptedException {
        try (Consumer<byte[], byte[]> opened = consumers.get()) {
            consumer = opened;
            reading.read(opened);
        } catch (WakeupException | InterruptException e) {
            LOG.debug("{} ends", what, e);
        } catch (IOException | KafkaException e) {
            String reason = FailureReason.of(e);
            int times = failures.came(reason, System.nanoTime());
            if (times > 0) {
                LOG.warn("{} starts again{}: {}", what, often(times), reason);
            }
        } catch (RuntimeException e) {
            int times = failures.came(e.toString(), System.nanoTime());
            if (times > 0) {
                LOG.error("{} starts again{}", what, often(times), e);
            }
        } finally {
            consumer = null;
        }
    }

    private static String often(int times) {
        return times == 1 ? "" : " and again, " + times + " times since this was last said";
    }

    /** Assigns all partitions of the topics. */
    public static List<TopicPartition> assign(Consumer<byte[], byte[]> to, Iterable<String> topics) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : topics) {
            to.partitionsFor(topic).forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
        }
        to.assign(partitions);
        return partitions;
    }

    /**
     * Goes to where reading is to go on, or to the beginning of what is left, or to the end of what there is.
     *
     * @param position next offset of a partition; 0 or less for its beginning
     */
    public static void seek(
            Consumer<byte[], byte[]> in,
            List<TopicPartition> partitions,
            ToLongFunction<TopicPartition> position,
            Gap gap) {
        Map<TopicPartition, Long> starts = in.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = in.endOffsets(partitions);
        for (TopicPartition partition : partitions) {
            long wanted = position.applyAsLong(partition);
            long first = starts.getOrDefault(partition, 0L);
            long end = Math.max(first, ends.getOrDefault(partition, Long.MAX_VALUE));
            if (wanted > 0 && wanted < first) {
                gap.found(partition, wanted, first);
            } else if (wanted > end) {
                gap.found(partition, end, wanted);
            }
            in.seek(partition, Math.min(Math.max(wanted, first), end));
        }
    }

    /** Whether a consumer has read everything before some offsets. */
    public static boolean isReached(Consumer<byte[], byte[]> by, Map<TopicPartition, Long> ends) {
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            if (by.position(end.getKey()) < end.getValue()) {
                return false;
            }
        }
        return true;
    }
}
