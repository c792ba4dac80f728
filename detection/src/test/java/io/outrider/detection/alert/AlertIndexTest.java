package io.outrider.detection.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertCodec;
import io.outrider.core.port.AlertFeed.Item;
import io.outrider.core.port.AlertFeed.Page;
import io.outrider.core.port.UnavailableException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reading alerts back: order, repetitions, pages, and streams that resume. */
class AlertIndexTest {

    private volatile MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final List<ConsumerRecord<byte[], byte[]>> topic = new ArrayList<>();
    private final Map<Integer, Long> ends = new HashMap<>(Map.of(0, 0L, 1, 0L));
    private @Nullable AlertIndex index;

    @AfterEach
    void close() {
        if (index != null) {
            index.close();
        }
    }

    @Test
    void alertsOfAllPartitionsStandInTheOrderOfTime() {
        append(0, "a", 1, 100);
        append(0, "a", 2, 300);
        append(1, "b", 3, 200);
        append(1, "b", 4, 400);
        AlertIndex feed = open(10);
        assertThat(offsets(feed.page(null, null, 10))).containsExactly(4L, 2L, 3L, 1L);
        assertThat(offsets(feed.page("a", null, 10))).containsExactly(2L, 1L);
        assertThat(feed.find("g-0-3")).map(Alert::id).contains("g-0-3");
        assertThat(feed.find("g-0-9")).isEmpty();
    }

    @Test
    void pagesContinueWhereTheLastOneEnded() {
        for (int i = 0; i < 5; i++) {
            append(0, "a", i, i);
        }
        AlertIndex feed = open(10);
        Page first = feed.page(null, null, 2);
        Page second = feed.page(null, first.next(), 2);
        Page third = feed.page(null, second.next(), 2);
        assertThat(offsets(first)).containsExactly(4L, 3L);
        assertThat(offsets(second)).containsExactly(2L, 1L);
        assertThat(offsets(third)).containsExactly(0L);
        assertThat(third.next()).isNull();
        assertThatThrownBy(() -> feed.page(null, "nonsense", 2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anAlertPublishedTwiceAppearsOnce() {
        append(0, "a", 1, 100);
        append(0, "a", 1, 200);
        append(0, "a", 2, 300);
        assertThat(offsets(open(10).page(null, null, 10))).containsExactly(2L, 1L);
    }

    @Test
    void onlyTheNewestAreKept() {
        for (int i = 0; i < 50; i++) {
            append(i % 2, "a", i, i);
        }
        AlertIndex feed = open(4);
        assertThat(offsets(feed.page(null, null, 10))).containsExactly(49L, 48L, 47L, 46L);
        assertThat(feed.find("g-0-45")).isEmpty();
    }

    @Test
    void aStreamResumesBehindItsCursorAndGoesOnLive() {
        for (int i = 0; i < 6; i++) {
            append(i % 2, "a", i, i);
        }
        AlertIndex feed = open(100);
        Reader all = new Reader(Long.MAX_VALUE);
        feed.stream("0:0,1:0").subscribe(all);
        await().until(() -> all.items.size() == 6);
        Reader resumed = new Reader(Long.MAX_VALUE);
        feed.stream(all.items.get(3).cursor()).subscribe(resumed);
        Reader fromNow = new Reader(Long.MAX_VALUE);
        feed.stream(null).subscribe(fromNow);
        live(0, "b", 7, 10);
        await().until(() -> resumed.items.size() == 3 && fromNow.items.size() == 1);
        assertThat(resumed.offsets()).containsExactly(4L, 5L, 7L);
        assertThat(fromNow.offsets()).containsExactly(7L);
        assertThat(resumed.items.get(2).cursor()).isEqualTo("0:4,1:3");
        assertThatThrownBy(() -> feed.stream("nonsense")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aReaderTooSlowIsToldSo() {
        AlertIndex feed = open(4);
        Reader slow = new Reader(1);
        feed.stream(null).subscribe(slow);
        for (int i = 0; i < 10; i++) {
            live(0, "a", i, i);
        }
        await().until(() -> slow.failure.size() == 1);
        assertThat(slow.failure.get(0)).isInstanceOf(UnavailableException.class);
        assertThat(slow.items).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void aReaderOfNewAlertsWhoComesBeforeTheTailIsReadIsNotGivenIt() {
        for (int i = 0; i < 6; i++) {
            append(i % 2, "a", i, i);
        }
        Reader early = new Reader(Long.MAX_VALUE);
        AtomicBoolean before = new AtomicBoolean();
        AlertIndex feed = open(4, opening -> {
            opening.stream(null).subscribe(early);
            before.set(opening.isCaughtUp());
        });
        assertThat(before).isFalse();
        live(0, "b", 7, 10);
        await().until(() -> feed.find("g-0-7").isPresent());
        await().until(() -> !early.items.isEmpty());
        assertThat(early.offsets()).containsExactly(7L);
        assertThat(early.failure).isEmpty();
    }

    @Test
    void aStreamThatResumesBeforeWhatIsKeptSaysSoOnce() {
        for (int i = 0; i < 10; i++) {
            append(0, "a", i, i);
        }
        AlertIndex feed = open(4);
        Reader late = new Reader(Long.MAX_VALUE);
        feed.stream("0:3,1:0").subscribe(late);
        Reader inTime = new Reader(Long.MAX_VALUE);
        feed.stream("0:6,1:0").subscribe(inTime);
        await().until(() -> late.items.size() == 4 && inTime.items.size() == 4);
        assertThat(late.items).extracting(Item::afterGap).containsExactly(true, false, false, false);
        assertThat(inTime.items).extracting(Item::afterGap).containsOnly(false);
    }

    @Test
    void aReaderIsToldOfAlertsThatLeftTheTopicBeforeTheyWereRead() {
        append(0, "a", 1, 100);
        AlertIndex feed = open(10);
        Reader reader = new Reader(Long.MAX_VALUE);
        feed.stream(null).subscribe(reader);
        live(0, "a", 2, 200);
        await().until(() -> reader.items.size() == 1);
        topic.clear();
        ends.put(0, 5L); // three more that nobody has read
        append(0, "a", 6, 300);
        append(0, "a", 7, 400);
        MockConsumer<byte[], byte[]> before = consumer;
        consumer = new MockConsumer<>("none");
        prepare(consumer);
        consumer.updateBeginningOffsets(Map.of(new TopicPartition("alerts", 0), 5L));
        before.schedulePollTask(() -> before.setPollException(new KafkaException("offsets are out of range")));
        await().until(() -> reader.items.size() == 3);
        assertThat(reader.offsets()).containsExactly(2L, 6L, 7L);
        assertThat(reader.items).extracting(Item::afterGap).containsExactly(false, true, false);
    }

    @Test
    void aReaderThatFailsIsLetGoAndTheOthersReadOn() {
        AlertIndex feed = open(10);
        Flow.Subscriber<Item> failing = new Reader(Long.MAX_VALUE) {
            @Override
            public void onNext(Item item) {
                super.onNext(item);
                throw new IllegalStateException("cannot take it");
            }
        };
        feed.stream(null).subscribe(failing);
        Reader other = new Reader(Long.MAX_VALUE);
        feed.stream(null).subscribe(other);
        live(0, "a", 1, 1);
        live(0, "a", 2, 2);
        await().until(() -> other.items.size() == 2);
        assertThat(((Reader) failing).items).hasSize(1);
    }

    @Test
    void alertsOfAPartitionThatIsAddedAreReadAndStreamed() {
        append(0, "a", 1, 100);
        AlertIndex feed = open(10);
        Reader reader = new Reader(Long.MAX_VALUE);
        feed.stream(null).subscribe(reader);
        ends.put(2, 0L);
        append(2, "c", 2, 200);
        MockConsumer<byte[], byte[]> before = consumer;
        consumer = new MockConsumer<>("earliest");
        prepare(consumer);
        before.updatePartitions("alerts", partitions());
        await().until(() -> reader.items.size() == 1);
        assertThat(reader.offsets()).containsExactly(2L);
        assertThat(offsets(feed.page(null, null, 10))).containsExactly(2L, 1L);
    }

    @Test
    void closingWakesTheConsumerAndLeavesItClosed() {
        AlertIndex feed = open(10);
        feed.close();
        assertThat(consumer.closed()).isTrue();
    }

    private AlertIndex open(int capacity) {
        return open(capacity, opening -> {});
    }

    /** Opens an index; {@code early} is called with it before it has read anything. */
    private AlertIndex open(int capacity, java.util.function.Consumer<AlertIndex> early) {
        prepare(consumer);
        CountDownLatch mayRead = new CountDownLatch(1);
        AlertIndex opened = new AlertIndex(
                () -> {
                    try {
                        mayRead.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return consumer;
                },
                "alerts",
                capacity,
                Runnable::run);
        index = opened;
        early.accept(opened);
        mayRead.countDown();
        await().until(opened::isCaughtUp);
        return opened;
    }

    /** Has it know the topic as it is now. */
    private void prepare(MockConsumer<byte[], byte[]> opened) {
        opened.updatePartitions("alerts", partitions());
        ends.forEach((partition, end) -> {
            opened.updateBeginningOffsets(Map.of(new TopicPartition("alerts", partition), 0L));
            opened.updateEndOffsets(Map.of(new TopicPartition("alerts", partition), end));
        });
        List<ConsumerRecord<byte[], byte[]>> now = List.copyOf(topic);
        opened.schedulePollTask(() -> now.forEach(record -> {
            if (record.offset() >= opened.position(new TopicPartition("alerts", record.partition()))) {
                opened.addRecord(record);
            }
        }));
    }

    private List<PartitionInfo> partitions() {
        return ends.keySet().stream()
                .map(number -> new PartitionInfo("alerts", number, Node.noNode(), new Node[0], new Node[0]))
                .toList();
    }

    private void append(int partition, String account, long alertOffset, long timestamp) {
        topic.add(record(partition, account, alertOffset, timestamp));
    }

    private void live(int partition, String account, long alertOffset, long timestamp) {
        ConsumerRecord<byte[], byte[]> record = record(partition, account, alertOffset, timestamp);
        consumer.schedulePollTask(() -> consumer.addRecord(record));
    }

    private ConsumerRecord<byte[], byte[]> record(int partition, String account, long alertOffset, long timestamp) {
        long offset = ends.merge(partition, 1L, Long::sum) - 1;
        byte[] value = AlertCodec.encode(Alerts.alert(account, alertOffset));
        return new ConsumerRecord<>(
                "alerts",
                partition,
                offset,
                timestamp,
                TimestampType.LOG_APPEND_TIME,
                0,
                value.length,
                account.getBytes(StandardCharsets.UTF_8),
                value,
                new RecordHeaders(),
                Optional.empty());
    }

    private static List<Long> offsets(Page page) {
        return page.items().stream()
                .map(alert -> alert.receipt().position().offset())
                .toList();
    }

    private static class Reader implements Flow.Subscriber<Item> {

        private final long demand;
        private final List<Item> items = new CopyOnWriteArrayList<>();
        private final List<Throwable> failure = new CopyOnWriteArrayList<>();

        Reader(long demand) {
            this.demand = demand;
        }

        List<Long> offsets() {
            return items.stream()
                    .map(item -> item.alert().receipt().position().offset())
                    .toList();
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(demand);
        }

        @Override
        public void onNext(Item item) {
            items.add(item);
        }

        @Override
        public void onError(Throwable throwable) {
            failure.add(throwable);
        }

        @Override
        public void onComplete() {}
    }
}
