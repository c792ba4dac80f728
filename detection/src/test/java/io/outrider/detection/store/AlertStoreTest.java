package io.outrider.detection.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertCodec;
import io.outrider.core.alert.AlertFilter;
import io.outrider.core.alert.AlertFilter.Period;
import io.outrider.core.alert.Attribution;
import io.outrider.core.alert.Receipt;
import io.outrider.core.alert.Severity;
import io.outrider.core.alert.Standing;
import io.outrider.core.event.Label;
import io.outrider.core.event.LabelEncoder;
import io.outrider.core.event.LabelReading;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.ContextRef;
import io.outrider.core.port.AlertSearch.Found;
import io.outrider.core.port.AlertSearch.Order;
import io.outrider.core.port.AlertSearch.Page;
import io.outrider.core.pseudonym.AccountNames;
import io.outrider.detection.alert.AlertIndex;
import io.outrider.detection.protocol.SourceLog;
import io.outrider.lake.alert.AlertFiles;
import io.outrider.lake.alert.RowFilter;
import io.outrider.lake.alert.RowScan;
import io.outrider.lake.alert.StoreWriter;
import io.outrider.lake.alert.StoredTable;
import io.outrider.lake.blob.FolderBlobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store from topics to answers: what has left memory is found in the lake, and nothing twice. */
class AlertStoreTest {

    private static final long START = Instant.parse("2026-03-04T00:00:00Z").toEpochMilli();
    private static final int KEPT = 4;
    private static final SourceLog ALERTS = log("alerts");
    private static final SourceLog LABELS = log("labels");

    @TempDir
    Path folder;

    private final List<ConsumerRecord<byte[], byte[]>> topic = new CopyOnWriteArrayList<>();
    private final Queue<MockConsumer<byte[], byte[]>> consumers = new ConcurrentLinkedQueue<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final LabelBook labels = new LabelBook();
    private AlertFiles files;

    @BeforeEach
    void open() throws IOException {
        files = new AlertFiles(new FolderBlobStore(folder), "transactions", 1 << 20);
        open.add(files);
    }

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @Test
    void pagesGoFromMemoryToTheLakeWithoutLossOrDoubles() {
        for (int i = 0; i < 25; i++) {
            append(alert(i, "a" + i % 2, 900));
        }
        append(alert(3, "a1", 900)); // published twice
        writeAll();
        AlertStore store = store();

        assertThat(allOffsets(store, AlertFilter.ALL, Order.NEWEST, 4))
                .hasSize(25)
                .doesNotHaveDuplicates()
                .startsWith(24L, 23L)
                .endsWith(1L, 0L);
        assertThat(allOffsets(store, AlertFilter.of("a1", Period.EVER), Order.NEWEST, 5))
                .hasSize(12)
                .allMatch(offset -> offset % 2 == 1);
        Period three = new Period(START + 5 * 60_000, START + 8 * 60_000);
        assertThat(allOffsets(store, AlertFilter.of(null, three), Order.NEWEST, 2))
                .containsExactly(7L, 6L, 5L);
    }

    @Test
    void alertsThatCameSinceThePageBeforeChangeNothingBehindIt() {
        for (int i = 0; i < 10; i++) {
            append(alert(i, "a", 900));
        }
        writeAll();
        AlertStore store = store();
        Page first = page(store, AlertFilter.ALL, Order.NEWEST, null, 3);
        for (int i = 10; i < 20; i++) {
            append(alert(i, "a", 900));
        }
        writeAll();
        AlertStore later = store();

        assertThat(offsets(page(later, AlertFilter.ALL, Order.NEWEST, first.next(), 3)))
                .containsExactly(6L, 5L, 4L);
    }

    @Test
    void theHighestAmountComesFirstWhereAsked() {
        for (int i = 0; i < 12; i++) {
            append(alert(i, "a", i % 5));
        }
        writeAll();

        assertThat(allOffsets(store(), AlertFilter.ALL, Order.AMOUNT, 5))
                .containsExactly(9L, 4L, 8L, 3L, 7L, 2L, 11L, 6L, 1L, 10L, 5L, 0L);
    }

    @Test
    void anAlertThatHasLeftMemoryAndIsNotInTheLakeYetIsSaidToBeMissing() {
        for (int i = 0; i < KEPT + 1; i++) {
            append(alert(i, "a", 900));
        }
        assertThat(page(store(), AlertFilter.ALL, Order.NEWEST, null, 10).incomplete())
                .isTrue();
        writeAll();
        assertThat(page(store(), AlertFilter.ALL, Order.NEWEST, null, 10).incomplete())
                .isFalse();
    }

    @Test
    void theLabelThatCountsIsShownAndSearchedFor() {
        for (int i = 0; i < 10; i++) {
            append(alert(i, "a", 900));
        }
        writeAll();
        labels.take(new Label("t1", "a", null, START, true, "ann", 1, START + 1));
        labels.take(new Label("t1", "a", null, START, false, "bob", 2, START + 2));
        labels.take(new Label("t2", "a", null, START, true, "ann", 1, START + 3));
        AlertStore store = store();

        assertThat(allOffsets(store, labelled(Standing.GENUINE), Order.NEWEST, 5))
                .containsExactly(1L);
        assertThat(allOffsets(store, labelled(Standing.FRAUD), Order.NEWEST, 5)).containsExactly(2L);
        assertThat(allOffsets(store, labelled(Standing.UNLABELLED), Order.NEWEST, 5))
                .hasSize(8);
        Found found = store.findStored("g-0-1").toCompletableFuture().join().orElseThrow();
        assertThat(found.label()).isNotNull().extracting(Label::by).isEqualTo("bob");
        assertThat(store.labels("a", "t1")).extracting(Label::by).containsExactly("ann", "bob");
    }

    @Test
    void anOldAlertIsFoundAndWhatIsLikeItToo() {
        for (int i = 0; i < 10; i++) {
            append(alert(i, "a", 900));
        }
        writeAll();
        AlertStore store = store();

        assertThat(store.findStored("g-0-0").toCompletableFuture().join()).isPresent();
        assertThat(store.findStored("g-0-99").toCompletableFuture().join()).isEmpty();
        assertThat(store.similar("g-0-0", 3).toCompletableFuture().join().orElseThrow())
                .hasSize(3)
                .allMatch(similar -> similar.similarity() > 0.99)
                .noneMatch(similar -> similar.found().alert().id().equals("g-0-0"));
    }

    @Test
    void aCursorOfAnotherOrderIsRefused() {
        append(alert(0, "a", 900));
        append(alert(1, "a", 900));
        AlertStore store = store();
        String cursor = page(store, AlertFilter.ALL, Order.NEWEST, null, 1).next();

        assertThatThrownBy(() -> page(store, AlertFilter.ALL, Order.SCORE, cursor, 1))
                .hasCauseInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> page(store, AlertFilter.ALL, Order.NEWEST, "nonsense", 1))
                .hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void labelsGoIntoTheLakeToo() throws IOException {
        Label label = new Label("t1", "a", "m", START, true, "ann", 1, START);
        append(new ConsumerRecord<>("labels", 0, 0, new byte[0], LabelEncoder.encode(label)));
        append(new ConsumerRecord<>("labels", 0, 1, new byte[0], new byte[] {'{'}));
        writeAll();

        try (RowScan scan = files.scan(files.current().manifest(), StoredTable.LABELS, RowFilter.ALL)) {
            assertThat(scan.next()).isNotNull();
            assertThat(scan.next()).isNull();
        }
        assertThat(files.current().manifest().position("labels", "g", 0)).isEqualTo(2);
    }

    @Test
    void whatComesToAPartitionThatIsAddedIsStored() {
        append(alert(0, "a", 900));
        StoreStream stream = writer();
        awaitWritten();
        add(label(1, "t1"));
        awaitWritten();
        stream.close();
    }

    @Test
    void labelsOfAPartitionThatIsAddedAreInTheBook() {
        add(label(0, "t0"));
        LabelTail tail = new LabelTail(
                this::consumer, files, LABELS, new LabelReading(Duration.ofMinutes(1), AccountNames.IDS), labels);
        open.add(tail);
        await().until(() -> !labels.history("a", "t0").isEmpty());
        add(label(1, "t1"));
        await().until(() -> !labels.history("a", "t1").isEmpty());
    }

    private static ConsumerRecord<byte[], byte[]> label(int partition, String transaction) {
        Label label = new Label(transaction, "a", "m", START, true, "ann", 1, START);
        return new ConsumerRecord<>("labels", partition, 0, new byte[0], LabelEncoder.encode(label));
    }

    /** Appends a record, to a partition that may be new; consumers that are open hear of it, as they do from the broker. */
    private void add(ConsumerRecord<byte[], byte[]> record) {
        append(record);
        consumers.forEach(open -> open.updatePartitions("labels", partitions("labels")));
    }

    /** Runs a writer until all that the topics have is in the store. */
    private void writeAll() {
        StoreStream stream = writer();
        awaitWritten();
        stream.close();
    }

    private void awaitWritten() {
        await().until(() -> {
            var manifest = files.current().manifest();
            return topic.stream()
                    .allMatch(record -> manifest.position(record.topic(), "g", record.partition()) > record.offset());
        });
    }

    private StoreStream writer() {
        StoreSettings settings = new StoreSettings(Duration.ofMillis(1), 5, Duration.ZERO, 1 << 20, 1, 1);
        return new StoreStream(
                this::consumer,
                new StoreStream.Source() {
                    @Override
                    public StoreTopics topics() throws IOException {
                        return new StoreTopics(
                                ALERTS,
                                LABELS,
                                Optional.empty(),
                                new LabelReading(Duration.ofMinutes(1), AccountNames.IDS));
                    }

                    @Override
                    public StoreWriter writer() throws IOException {
                        return new StoreWriter(files, Clock.systemUTC());
                    }
                },
                settings);
    }

    private AlertStore store() {
        AlertIndex index = new AlertIndex(this::consumer, "alerts", KEPT, Runnable::run);
        await().until(index::isCaughtUp);
        AlertStore store = new AlertStore(
                files,
                new AlertStore.Topic("alerts", "g"),
                index,
                new AlertStore.Labels(labels, () -> true, () -> {}),
                new ReceiptReplay(version -> {
                    throw new IOException("there are no models here");
                }),
                new LakeQuestions(new StoreSettings(Duration.ofSeconds(1), 1, Duration.ZERO, 1 << 20, 1, 10)));
        open.add(index);
        return store;
    }

    private MockConsumer<byte[], byte[]> consumer() {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
        Map<TopicPartition, Long> starts = new HashMap<>();
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (String name : List.of("alerts", "labels")) {
            consumer.updatePartitions(name, partitions(name));
            for (PartitionInfo each : partitions(name)) {
                TopicPartition partition = new TopicPartition(name, each.partition());
                starts.put(partition, 0L);
                ends.put(
                        partition,
                        topic.stream()
                                .filter(record -> partition.equals(partition(record)))
                                .count());
            }
        }
        consumer.updateBeginningOffsets(starts);
        consumer.updateEndOffsets(ends);
        consumer.schedulePollTask(() -> topic.stream()
                .filter(record -> consumer.assignment().contains(partition(record)))
                .forEach(consumer::addRecord));
        consumers.add(consumer);
        return consumer;
    }

    private static TopicPartition partition(ConsumerRecord<byte[], byte[]> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    /** At least one, and as many as there are records for. */
    private List<PartitionInfo> partitions(String name) {
        int highest = topic.stream()
                .filter(record -> record.topic().equals(name))
                .mapToInt(ConsumerRecord::partition)
                .max()
                .orElse(0);
        return IntStream.rangeClosed(0, highest)
                .mapToObj(number -> new PartitionInfo(name, number, Node.noNode(), new Node[0], new Node[0]))
                .toList();
    }

    private void append(Alert alert) {
        long offset =
                topic.stream().filter(record -> record.topic().equals("alerts")).count();
        append(new ConsumerRecord<>("alerts", 0, offset, new byte[0], AlertCodec.encode(alert)));
    }

    private void append(ConsumerRecord<byte[], byte[]> record) {
        topic.add(new ConsumerRecord<>(
                record.topic(),
                record.partition(),
                record.offset(),
                START + record.offset(),
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                record.key(),
                record.value(),
                new RecordHeaders(),
                Optional.empty()));
    }

    private static List<Long> allOffsets(AlertStore store, AlertFilter filter, Order order, int limit) {
        List<Long> all = new ArrayList<>();
        String cursor = null;
        do {
            Page page = page(store, filter, order, cursor, limit);
            all.addAll(offsets(page));
            cursor = page.next();
        } while (cursor != null);
        return all;
    }

    private static Page page(AlertStore store, AlertFilter filter, Order order, @Nullable String cursor, int limit) {
        return store.search(filter, order, cursor, limit).toCompletableFuture().join();
    }

    private static List<Long> offsets(Page page) {
        return page.items().stream()
                .map(found -> found.alert().receipt().position().offset())
                .toList();
    }

    private static AlertFilter labelled(Standing standing) {
        return new AlertFilter(null, null, Period.EVER, Set.of(), null, null, standing);
    }

    private static SourceLog log(String name) {
        return new SourceLog() {
            @Override
            public String topic() {
                return name;
            }

            @Override
            public String generation() {
                return "g";
            }

            @Override
            public long startOffset(int partition) {
                return 0;
            }

            @Override
            public long endOffset(int partition) {
                throw new UnsupportedOperationException();
            }
        };
    }

    private static Alert alert(long offset, String account, double amount) {
        LogPosition position = new LogPosition("g", 0, offset);
        return new Alert(
                position.alertId(),
                new Transaction("t" + offset, account, amount, START + offset * 60_000, null, null, null, null, null),
                0.99,
                0.9,
                Severity.HIGH,
                "m1",
                position.alertId(),
                60,
                List.of("amount 900 is far above the usual 60"),
                0.5,
                List.of(new Attribution("amount", "amount", 900, 0.4)),
                null,
                new Receipt(position, new ContextRef("m1", 0), "plan", Map.of("amount", 900.0)));
    }
}
