package io.outrider.detection.store;

import static io.outrider.detection.store.TopicsAndLake.START;
import static io.outrider.detection.store.TopicsAndLake.alert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.outrider.core.alert.AlertFilter;
import io.outrider.core.alert.AlertFilter.Period;
import io.outrider.core.alert.Standing;
import io.outrider.core.event.Label;
import io.outrider.core.port.AlertSearch.Found;
import io.outrider.core.port.AlertSearch.Order;
import io.outrider.core.port.AlertSearch.Page;
import io.outrider.detection.alert.AlertIndex;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store from topics to answers: what has left memory is found in the lake, and nothing twice. */
class AlertStoreTest {

    private static final int KEPT = 4;

    @TempDir
    Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final LabelBook labels = new LabelBook();
    private TopicsAndLake topics;

    @BeforeEach
    void open() throws IOException {
        topics = new TopicsAndLake(folder);
        open.add(topics);
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
            topics.append(alert(i, "a" + i % 2, 900));
        }
        topics.append(alert(3, "a1", 900)); // published twice
        topics.writeAll();
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
            topics.append(alert(i, "a", 900));
        }
        topics.writeAll();
        AlertStore store = store();
        Page first = page(store, AlertFilter.ALL, Order.NEWEST, null, 3);
        for (int i = 10; i < 20; i++) {
            topics.append(alert(i, "a", 900));
        }
        topics.writeAll();
        AlertStore later = store();

        assertThat(offsets(page(later, AlertFilter.ALL, Order.NEWEST, first.next(), 3)))
                .containsExactly(6L, 5L, 4L);
    }

    @Test
    void theHighestAmountComesFirstWhereAsked() {
        for (int i = 0; i < 12; i++) {
            topics.append(alert(i, "a", i % 5));
        }
        topics.writeAll();

        assertThat(allOffsets(store(), AlertFilter.ALL, Order.AMOUNT, 5))
                .containsExactly(9L, 4L, 8L, 3L, 7L, 2L, 11L, 6L, 1L, 10L, 5L, 0L);
    }

    @Test
    void anAlertThatHasLeftMemoryAndIsNotInTheLakeYetIsSaidToBeMissing() {
        for (int i = 0; i < KEPT + 1; i++) {
            topics.append(alert(i, "a", 900));
        }
        assertThat(page(store(), AlertFilter.ALL, Order.NEWEST, null, 10).incomplete())
                .isTrue();
        topics.writeAll();
        assertThat(page(store(), AlertFilter.ALL, Order.NEWEST, null, 10).incomplete())
                .isFalse();
    }

    @Test
    void theLabelThatCountsIsShownAndSearchedFor() {
        for (int i = 0; i < 10; i++) {
            topics.append(alert(i, "a", 900));
        }
        topics.writeAll();
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
            topics.append(alert(i, "a", 900));
        }
        topics.writeAll();
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
        topics.append(alert(0, "a", 900));
        topics.append(alert(1, "a", 900));
        AlertStore store = store();
        String cursor = page(store, AlertFilter.ALL, Order.NEWEST, null, 1).next();

        assertThatThrownBy(() -> page(store, AlertFilter.ALL, Order.SCORE, cursor, 1))
                .hasCauseInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> page(store, AlertFilter.ALL, Order.NEWEST, "nonsense", 1))
                .hasCauseInstanceOf(IllegalArgumentException.class);
    }

    private AlertStore store() {
        AlertIndex index = new AlertIndex(topics::consumer, "alerts", KEPT, Runnable::run);
        await().until(index::isCaughtUp);
        AlertStore store = new AlertStore(
                topics.files(),
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
}
