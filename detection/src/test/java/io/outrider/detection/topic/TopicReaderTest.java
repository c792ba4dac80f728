package io.outrider.detection.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class TopicReaderTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final TopicPartition ZERO = new TopicPartition("t", 0);
    private static final TopicPartition ONE = new TopicPartition("t", 1);

    @Test
    void aReaderThatIsFailedStartsAgainWithANewConsumerAndEndsWhenClosed() throws InterruptedException {
        List<MockConsumer<byte[], byte[]>> opened = new ArrayList<>();
        AtomicInteger attempts = new AtomicInteger();
        CountDownLatch polling = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        TopicReader[] self = new TopicReader[1];
        TopicReader reader = new TopicReader(
                "reader",
                "Reading",
                LIMIT,
                () -> {
                    MockConsumer<byte[], byte[]> consumer = consumer();
                    opened.add(consumer);
                    return consumer;
                },
                from -> {
                    if (attempts.incrementAndGet() == 1) {
                        throw new IOException("the lake is away");
                    }
                    polling.countDown();
                    assertThat(self[0].awaitClosing(LIMIT)).isTrue();
                    ended.countDown();
                });
        self[0] = reader;
        reader.start();
        polling.await();
        assertThat(reader.isClosing()).isFalse();

        reader.close();

        assertThat(ended.getCount()).isZero();
        assertThat(opened).hasSize(2).allMatch(MockConsumer::closed);
    }

    @Test
    void whatFailsAgainAndAgainIsLoggedOnce() {
        Logger log = (Logger) LoggerFactory.getLogger(TopicReader.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.addAppender(lines);
        AtomicInteger attempts = new AtomicInteger();
        TopicReader reader = new TopicReader("reader", "Reading", LIMIT, TopicReaderTest::consumer, from -> {
            attempts.incrementAndGet();
            throw new IOException("the manifest is damaged");
        });
        reader.start();
        await().until(() -> attempts.get() == 3);
        reader.close();
        log.detachAppender(lines);
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("Reading starts again: the manifest is damaged");
    }

    @Test
    void closingWakesAConsumerThatWaits() {
        AtomicInteger polls = new AtomicInteger();
        MockConsumer<byte[], byte[]> consumer = consumer();
        TopicReader reader = new TopicReader("reader", "Reading", LIMIT, () -> consumer, from -> {
            TopicReader.assign(from, List.of("t"));
            TopicReader.seek(from, List.of(ZERO, ONE), partition -> 0, (partition, wanted, first) -> {});
            while (true) {
                from.poll(TopicReader.POLL); // never asks whether it is to end
                polls.incrementAndGet();
            }
        });
        reader.start();
        await().until(() -> polls.get() > 0);
        reader.close();
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void aTopicThatGetsMorePartitionsIsReadAnewWithAllOfThem() {
        MockConsumer<byte[], byte[]> small = consumer();
        MockConsumer<byte[], byte[]> grown = consumer();
        grown.updatePartitions("t", partitions(3));
        Queue<MockConsumer<byte[], byte[]>> consumers = new ConcurrentLinkedQueue<>(List.of(small, grown));
        List<Integer> assigned = new CopyOnWriteArrayList<>();
        TopicReader[] self = new TopicReader[1];
        TopicReader reader = new TopicReader("reader", "Reading", LIMIT, consumers::remove, from -> {
            assigned.add(TopicReader.assign(from, List.of("t")).size());
            while (self[0].readsOn(from)) {
                self[0].awaitClosing(Duration.ofMillis(1));
            }
        });
        self[0] = reader;
        reader.start();
        await().until(() -> assigned.size() == 1);
        small.updatePartitions("t", partitions(3));
        await().until(() -> assigned.size() == 2);
        assertThat(assigned).containsExactly(2, 3);
        assertThat(small.closed()).isTrue();
        reader.close();
    }

    @Test
    void readingGoesOnWhereItWasOrAtWhatIsLeftWhichIsTold() {
        Consumer<byte[], byte[]> consumer = consumer();
        List<String> gaps = new ArrayList<>();
        List<TopicPartition> partitions = TopicReader.assign(consumer, List.of("t"));
        Map<TopicPartition, Long> wanted = Map.of(ZERO, 7L, ONE, 3L);

        TopicReader.seek(consumer, partitions, wanted::get, (at, from, to) -> gaps.add(at + " " + from + " " + to));

        assertThat(consumer.position(ZERO)).isEqualTo(7);
        assertThat(consumer.position(ONE)).isEqualTo(5);
        assertThat(gaps).containsExactly("t-1 3 5");
        assertThat(TopicReader.isReached(consumer, Map.of(ZERO, 7L, ONE, 5L))).isTrue();
        assertThat(TopicReader.isReached(consumer, Map.of(ZERO, 8L, ONE, 5L))).isFalse();
    }

    @Test
    void aPositionBehindTheEndOfTheTopicIsToldAndReadingGoesOnAtTheEnd() {
        Consumer<byte[], byte[]> consumer = consumer();
        List<String> gaps = new ArrayList<>();
        List<TopicPartition> partitions = TopicReader.assign(consumer, List.of("t"));
        Map<TopicPartition, Long> wanted = Map.of(ZERO, 12L, ONE, 9L);

        TopicReader.seek(consumer, partitions, wanted::get, (at, from, to) -> gaps.add(at + " " + from + " " + to));

        assertThat(consumer.position(ZERO)).isEqualTo(9);
        assertThat(consumer.position(ONE)).isEqualTo(9);
        assertThat(gaps).containsExactly("t-0 9 12");
    }

    /** Of a topic whose partition 0 begins at 0, and partition 1 at 5; both end at 9. */
    private static MockConsumer<byte[], byte[]> consumer() {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
        consumer.updatePartitions("t", partitions(2));
        consumer.updateBeginningOffsets(Map.of(ZERO, 0L, ONE, 5L));
        consumer.updateEndOffsets(Map.of(ZERO, 9L, ONE, 9L));
        return consumer;
    }

    private static List<PartitionInfo> partitions(int count) {
        Node[] nodes = {};
        return IntStream.range(0, count)
                .mapToObj(number -> new PartitionInfo("t", number, Node.noNode(), nodes, nodes))
                .toList();
    }
}
