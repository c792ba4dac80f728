package io.outrider.detection.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertFilter.Period;
import io.outrider.core.alert.Receipt;
import io.outrider.core.alert.ScoredEvent;
import io.outrider.core.alert.Severity;
import io.outrider.core.alert.Standing;
import io.outrider.core.decision.AlertSettings;
import io.outrider.core.event.Label;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.ContextRef;
import io.outrider.core.port.ModelSource;
import io.outrider.core.port.Reviews.Case;
import io.outrider.core.port.Reviews.Kind;
import io.outrider.core.port.Reviews.Performance;
import io.outrider.core.port.Reviews.Queue;
import io.outrider.core.port.Reviews.Segment;
import io.outrider.detection.alert.RecentAlerts;
import io.outrider.lake.alert.AlertFiles;
import io.outrider.lake.alert.StoreWriter;
import io.outrider.lake.alert.StoredRow;
import io.outrider.lake.alert.StoredTable;
import io.outrider.lake.blob.FolderBlobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The review queue and what follows from labels, out of files. */
class ReviewStoreTest {

    private static final long START = Instant.parse("2026-03-04T00:00:00Z").toEpochMilli();
    private static final ModelSource NO_MODELS = version -> {
        throw new IOException("there are no models here");
    };

    @TempDir
    Path folder;

    private final LabelBook labels = new LabelBook();
    private AlertStore store;
    private ReviewStore reviews;

    @BeforeEach
    void write() throws IOException {
        AlertFiles files = new AlertFiles(new FolderBlobStore(folder), "transactions", 1 << 20);
        StoreWriter writer = new StoreWriter(files, Clock.systemUTC());
        for (int i = 0; i < 8; i++) {
            writer.take(StoredTable.ALERTS, StoredRow.of(alert(i, i % 2 == 0 ? Severity.LOW : Severity.CRITICAL)));
        }
        for (int i = 100; i < 104; i++) {
            writer.take(StoredTable.REVIEWS, StoredRow.of(sampled(i)));
        }
        writer.commit();
        store = new AlertStore(
                files,
                new AlertStore.Topic("alerts", "g"),
                new NoRecentAlerts(),
                new AlertStore.Labels(labels, () -> true, () -> {}),
                new ReceiptReplay(NO_MODELS),
                new LakeQuestions(new StoreSettings(Duration.ofSeconds(1), 1, Duration.ZERO, 1 << 20, 1, 10)));
        reviews = new ReviewStore(
                store,
                NO_MODELS,
                AlertSettings.read(ConfigFactory.load().withFallback(ConfigFactory.defaultReference())),
                Clock.fixed(Instant.ofEpochMilli(START + 1_000), ZoneOffset.UTC));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void whatIsUnlabelledAndWorthMostComesFirstPageByPage() {
        label("t7", true, START);
        List<String> ids = new ArrayList<>();
        String cursor = null;
        do {
            Queue page = queue(null, cursor, 3);
            page.items().forEach(item -> ids.add(id(item)));
            cursor = page.next();
            label(ids.get(0), true, START + 2_000); // what is said meanwhile changes no page of this round
        } while (cursor != null);

        assertThat(ids)
                .hasSize(12)
                .doesNotHaveDuplicates()
                .startsWith("t5", "t3", "t1")
                .endsWith("t7");
        assertThat(queue(Kind.SAMPLE, null, 10).items()).hasSize(4).allMatch(item -> item.sampled() != null);
        assertThatThrownBy(() -> queue(null, "nonsense", 3)).hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void precisionAndRecallFollowFromLabels() {
        for (int i = 0; i < 6; i++) {
            label("t" + i, i < 3, START);
        }
        label("t100", true, START);
        label("t101", false, START);

        Performance found = reviews.performance(Period.EVER, Segment.SEVERITY)
                .toCompletableFuture()
                .join();

        assertThat(found.all().alerts()).isEqualTo(8);
        assertThat(found.all().precision().value()).isEqualTo(0.5);
        assertThat(found.all().sampled(Standing.UNLABELLED)).isEqualTo(2);
        assertThat(found.all().missed().value()).isEqualTo(0.5);
        assertThat(found.all().recall().value()).isBetween(0.0, 0.1);
        assertThat(found.bySegment())
                .extracting(group -> group.name())
                .containsExactlyInAnyOrder("low", "critical", "");
        assertThat(found.curve()).isNotEmpty();
    }

    @Test
    void aTransactionIsFoundByItsAccountWhetherItRaisedAnAlertOrIsInTheSample() {
        assertThat(store.transaction("a", "t3").toCompletableFuture().join())
                .singleElement()
                .matches(known -> known.alert() != null && known.sampled() == null);
        assertThat(store.transaction("a", "t101").toCompletableFuture().join())
                .singleElement()
                .matches(known -> known.alert() == null && known.sampled() != null);
        assertThat(store.transaction("b", "t3").toCompletableFuture().join()).isEmpty();
    }

    private Queue queue(@Nullable Kind kind, @Nullable String cursor, int limit) {
        return reviews.queue(Period.EVER, kind, cursor, limit)
                .toCompletableFuture()
                .join();
    }

    private static String id(Case item) {
        return AlertStore.transaction(item.alert(), item.sampled()).transactionId();
    }

    private void label(String transactionId, boolean fraud, long knownSinceMs) {
        labels.take(new Label(transactionId, "a", null, START, fraud, "ann", 1, knownSinceMs));
    }

    private static Transaction transaction(long offset) {
        return new Transaction("t" + offset, "a", 100 + offset, START + offset, null, null, null, null, null);
    }

    private static Alert alert(long offset, Severity severity) {
        LogPosition position = new LogPosition("g", 0, offset);
        return new Alert(
                position.alertId(),
                transaction(offset),
                0.99 + offset / 1000.0,
                0.9,
                severity,
                "m1",
                position.alertId(),
                60,
                List.of("amount is far above the usual 60"),
                0.5,
                List.of(),
                null,
                new Receipt(position, new ContextRef("m1", 0), "plan", Map.of("amount", 900.0)));
    }

    private static ScoredEvent sampled(long offset) {
        LogPosition position = new LogPosition("g", 0, offset);
        return new ScoredEvent(
                position.alertId(),
                transaction(offset),
                1,
                0.4,
                0.9,
                false,
                true,
                new Receipt(position, new ContextRef("m1", 0), "plan", Map.of("amount", 900.0)));
    }

    /** A node that has just started on an empty topic. */
    private static final class NoRecentAlerts implements RecentAlerts {

        @Override
        public Recent recent() {
            return new Recent(List.of(), Map.of());
        }

        @Override
        public Optional<Alert> find(String id) {
            return Optional.empty();
        }

        @Override
        public Page page(@Nullable String account, @Nullable String cursor, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Flow.Publisher<Item> stream(@Nullable String cursor) {
            throw new UnsupportedOperationException();
        }
    }
}
