package io.outrider.detection.alert;

import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertCodec;
import io.outrider.detection.topic.TopicReader;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recent alerts of the whole cluster, read back from the alerts topic: at start as much of its tail as the index
 * holds, then whatever comes. Depends on the topic alone, so it is the same on every node and after a restart.
 *
 * <p>Thread-safe. One thread of its own reads; it starts over when the broker fails it.
 */
public final class AlertIndex implements RecentAlerts, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AlertIndex.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    /** A page's cursor: this and the id of the alert that the next page lies behind. */
    private static final String BEFORE = "before:";

    private final String topic;
    private final int capacity;
    private final Executor executor;
    private final AlertRing ring;
    private final Set<AlertSubscription> subscriptions = ConcurrentHashMap.newKeySet();
    private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();
    private final TopicReader reader;

    /** Sequence of the first alert that came after the start; negative until the topic's tail has been read. */
    private volatile long live = -1;

    /**
     * Starts reading.
     *
     * @param consumers opens a consumer without group, with byte array deserialisers
     * @param capacity how many alerts are kept
     * @param executor where subscribers are called
     */
    public AlertIndex(Supplier<Consumer<byte[], byte[]>> consumers, String topic, int capacity, Executor executor) {
        this.topic = topic;
        this.capacity = capacity;
        this.executor = executor;
        this.ring = new AlertRing(capacity);
        this.reader =
                new TopicReader("outrider-alert-index", "Reading topic " + topic, CLOSE_LIMIT, consumers, this::read);
        reader.start();
    }

    /** Whether the topic's tail, as it was at start, has been read. */
    public boolean isCaughtUp() {
        return live >= 0;
    }

    @Override
    public Recent recent() {
        return ring.recent();
    }

    @Override
    public Optional<Alert> find(String id) {
        return ring.find(id);
    }

    @Override
    public Page page(@Nullable String account, @Nullable String cursor, int limit) {
        if (limit < 1 || limit > 1_000) {
            throw new IllegalArgumentException("limit must be 1 to 1000, is " + limit);
        }
        List<Alert> items = new ArrayList<>();
        long sequence = cursor == null ? ring.end() - 1 : before(cursor);
        for (AlertRing.Entry entry = ring.at(sequence); entry != null; entry = ring.at(entry.sequence() - 1)) {
            Alert alert = entry.item().alert();
            if (account == null || account.equals(alert.transaction().account())) {
                if (items.size() == limit) {
                    return new Page(items, BEFORE + items.get(limit - 1).id());
                }
                items.add(alert);
            }
        }
        return new Page(items, null);
    }

    @Override
    public Flow.Publisher<Item> stream(@Nullable String cursor) {
        Map<Integer, Long> from = cursor == null ? Map.of() : AlertCursor.parse(cursor);
        // Subscribed before the tail is read, a reader of new alerts must not be given the tail.
        long end = cursor == null && isCaughtUp() ? ring.end() : -1;
        AtomicBoolean taken = new AtomicBoolean();
        return subscriber -> {
            if (taken.getAndSet(true)) {
                throw new IllegalStateException("this stream already has its subscriber");
            }
            List<AlertSubscription> self = new ArrayList<>(1);
            AlertSubscription subscription = new AlertSubscription(
                    ring,
                    () -> !isCaughtUp() ? -1 : cursor != null ? ring.start() : end < 0 ? live : end,
                    from,
                    subscriber,
                    new AlertSubscription.Signals(executor, () -> subscriptions.removeAll(self)));
            self.add(subscription);
            subscriptions.add(subscription); // before the subscriber can cancel
            subscriber.onSubscribe(subscription);
            subscription.open();
        };
    }

    /** Ends the reading, and waits shortly for it. */
    @Override
    public void close() {
        reader.close();
    }

    private long before(String cursor) {
        if (!cursor.startsWith(BEFORE)) {
            throw new IllegalArgumentException("no alert page cursor: '" + cursor + "'");
        }
        AlertRing.Entry entry = ring.entry(cursor.substring(BEFORE.length()));
        return entry == null ? -1 : entry.sequence() - 1;
    }

    private void read(Consumer<byte[], byte[]> from) {
        List<TopicPartition> partitions = TopicReader.assign(from, List.of(topic));
        Map<TopicPartition, Long> ends = from.endOffsets(partitions);
        Map<TopicPartition, Long> starts = from.beginningOffsets(partitions);
        // Twice its share of the ring from each partition, because partitions are not equally full.
        long tail = 2L * capacity / Math.max(1, partitions.size()) + 1;
        for (TopicPartition partition : partitions) {
            long end = ends.getOrDefault(partition, 0L);
            long first = Math.max(starts.getOrDefault(partition, 0L), end - tail);
            Long known = positions.get(partition);
            // Behind the end: the topic has lost records or was made anew, and others get their offsets.
            long next = known == null || known > end ? first : Math.max(first, known);
            from.seek(partition, next);
            if (known != null && next > known) {
                LOG.warn(
                        "Alerts of {} from {} to {} have not been read in time, and readers are told so",
                        partition,
                        known,
                        next);
            }
            if (next > (known == null ? 0 : known)) {
                ring.begin(partition.partition(), next, known != null);
            }
            positions.put(partition, next);
        }
        List<ConsumerRecords<byte[], byte[]>> history = new ArrayList<>();
        while (!reader.isClosing() && !TopicReader.isReached(from, ends)) {
            history.add(from.poll(TopicReader.POLL));
        }
        index(history, record -> record.offset() < end(ends, record));
        if (reader.isClosing()) {
            return;
        }
        if (live < 0) {
            live = ring.end();
        }
        index(history, record -> record.offset() >= end(ends, record));
        subscriptions.forEach(AlertSubscription::wake);
        while (reader.readsOn(from)) {
            index(List.of(from.poll(TopicReader.POLL)), record -> true);
        }
    }

    private long end(Map<TopicPartition, Long> ends, ConsumerRecord<byte[], byte[]> record) {
        return ends.getOrDefault(new TopicPartition(topic, record.partition()), 0L);
    }

    /** Adds records by time, each partition's in their own order: cursors rest on that order. */
    private void index(List<ConsumerRecords<byte[], byte[]>> polls, Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
        Map<TopicPartition, Deque<ConsumerRecord<byte[], byte[]>>> waiting = new HashMap<>();
        for (ConsumerRecords<byte[], byte[]> poll : polls) {
            for (ConsumerRecord<byte[], byte[]> record : poll) {
                if (wanted.test(record)) {
                    waiting.computeIfAbsent(
                                    new TopicPartition(topic, record.partition()), partition -> new ArrayDeque<>())
                            .add(record);
                }
            }
        }
        PriorityQueue<Deque<ConsumerRecord<byte[], byte[]>>> heads = new PriorityQueue<>(
                Comparator.comparingLong(queue -> queue.element().timestamp()));
        heads.addAll(waiting.values());
        boolean added = false;
        while (!heads.isEmpty()) {
            Deque<ConsumerRecord<byte[], byte[]>> earliest = heads.remove();
            added |= add(earliest.remove());
            if (!earliest.isEmpty()) {
                heads.add(earliest);
            }
        }
        if (added) {
            subscriptions.forEach(AlertSubscription::wake);
        }
    }

    private boolean add(ConsumerRecord<byte[], byte[]> record) {
        positions.put(new TopicPartition(topic, record.partition()), record.offset() + 1);
        try {
            return ring.add(record.partition(), record.offset(), AlertCodec.decode(record.value()));
        } catch (IllegalArgumentException e) {
            LOG.warn("{}-{} offset {} is no alert: {}", topic, record.partition(), record.offset(), e.getMessage());
            return false;
        }
    }
}
