package io.outrider.detection.store;

import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertCodec;
import io.outrider.core.alert.AlertFilter;
import io.outrider.core.alert.AlertLikeness;
import io.outrider.core.alert.ScoredEvent;
import io.outrider.core.alert.ScoredEventCodec;
import io.outrider.core.event.Label;
import io.outrider.core.event.Transaction;
import io.outrider.core.port.AlertSearch;
import io.outrider.core.port.ModelSource;
import io.outrider.detection.alert.RecentAlerts;
import io.outrider.lake.alert.AlertFiles;
import io.outrider.lake.alert.RowFilter;
import io.outrider.lake.alert.RowScan;
import io.outrider.lake.alert.StoreManifest;
import io.outrider.lake.alert.StoredFile;
import io.outrider.lake.alert.StoredRow;
import io.outrider.lake.alert.StoredTable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers questions about all alerts: the recent ones from the index, older ones from the lake, joined with the labels. Thread-safe.
 */
public final class AlertStore implements AlertSearch, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AlertStore.class);

    /** Like alerts are looked for up to this much later than an alert, and among so many. */
    private static final Duration LIKE_WITHIN = Duration.ofDays(30);

    private static final int LOOKED_AT = 5_000;

    private final AlertFiles files;
    private final RecentAlerts recent;
    private final Labels labels;
    private final AlertPages pages;
    private final ReceiptReplay replay;
    private final LakeQuestions questions;

    /**
     * Opens the store.
     *
     * @param recent the node's index of recent alerts
     * @param models where the models are that receipts name
     */
    public static AlertStore open(
            StoreSettings settings, AlertKeeping.Parts parts, RecentAlerts recent, ModelSource models)
            throws IOException {
        AlertFiles files = new AlertFiles(parts.lake(), parts.transactions(), settings.copiesBytes(), parts.erasures());
        LabelBook book = new LabelBook();
        LabelTail tail = new LabelTail(() -> parts.consumer("labels"), files, parts.labels(), parts.reading(), book);
        return new AlertStore(
                files,
                new Topic(parts.alerts().topic(), parts.alerts().generation()),
                recent,
                new Labels(book, tail::isComplete, tail::close),
                new ReceiptReplay(models),
                new LakeQuestions(settings));
    }

    /** The alerts topic's incarnation. */
    record Topic(String name, String generation) {}

    /**
     * The labels, and who fills the book.
     *
     * @param complete whether those that there were at the start are in it
     */
    record Labels(LabelBook book, BooleanSupplier complete, Runnable stop) {

        /** An alert with the label that counts. */
        Found of(Alert alert) {
            Transaction transaction = alert.transaction();
            return new Found(alert, book.counting(transaction.account(), transaction.transactionId()));
        }
    }

    AlertStore(
            AlertFiles files,
            Topic alerts,
            RecentAlerts recent,
            Labels labels,
            ReceiptReplay replay,
            LakeQuestions questions) {
        this.files = files;
        this.recent = recent;
        this.labels = labels;
        this.pages = new AlertPages(files, recent, alerts, labels);
        this.replay = replay;
        this.questions = questions;
    }

    @Override
    public CompletionStage<Page> search(AlertFilter filter, Order order, @Nullable String cursor, int limit) {
        if (limit < 1 || limit > 1_000) {
            throw new IllegalArgumentException("limit must be 1 to 1000, is " + limit);
        }
        return ask(() -> {
            AlertPlace after = cursor == null ? null : AlertPlace.parse(order, cursor);
            return pages.page(filter, order, after, limit);
        });
    }

    @Override
    public CompletionStage<Optional<Found>> findStored(String id) {
        return ask(() -> alert(id).map(labels::of));
    }

    @Override
    public CompletionStage<Optional<List<Similar>>> similar(String id, int limit) {
        return ask(() -> {
            Optional<Alert> alert = alert(id);
            return alert.isEmpty() ? Optional.empty() : Optional.of(similar(alert.get(), limit));
        });
    }

    @Override
    public CompletionStage<Optional<Replay>> replay(String id) {
        return ask(() -> {
            Optional<Alert> alert = alert(id);
            return alert.isEmpty() ? Optional.empty() : Optional.of(replay.replay(alert.get()));
        });
    }

    @Override
    public List<Label> labels(String account, String transactionId) {
        return labels.book().history(account, transactionId);
    }

    @Override
    public boolean knowsLabels() {
        return labels.complete().getAsBoolean();
    }

    private Optional<Alert> alert(String id) throws IOException {
        Optional<Alert> inMemory = recent.find(id);
        if (inMemory.isPresent()) {
            return inMemory;
        }
        StoredRow row = files.find(files.current().manifest(), StoredTable.ALERTS, id);
        return Optional.ofNullable(row).map(StoredRow::document).map(AlertCodec::decode);
    }

    private List<Similar> similar(Alert alert, int limit) throws IOException {
        AlertLikeness likeness = new AlertLikeness(alert);
        long newest = alert.transaction().eventTimeMs() + LIKE_WITHIN.toMillis();
        Comparator<Similar> mostAlike =
                Comparator.comparingDouble(Similar::similarity).reversed();
        PriorityQueue<Similar> kept = new PriorityQueue<>(mostAlike.reversed());
        AlertFilter.Period period = new AlertFilter.Period(Long.MIN_VALUE, newest);
        try (AlertScan scan = scan(files.current().manifest(), recent.recent(), RowFilter.of(period))) {
            Alert other = scan.next();
            for (int looked = 0; other != null && looked < LOOKED_AT; looked++) {
                double similarity = other.id().equals(alert.id()) ? 0 : likeness.to(other);
                if (similarity > 0) {
                    kept.add(new Similar(similarity, labels.of(other)));
                }
                if (kept.size() > limit) {
                    kept.poll();
                }
                other = scan.next();
            }
        }
        return kept.stream().sorted(mostAlike).toList();
    }

    private AlertScan scan(StoreManifest manifest, RecentAlerts.Recent memory, RowFilter rows) throws IOException {
        return new AlertScan(memory.alerts(), rows.period(), files.scan(manifest, StoredTable.ALERTS, rows));
    }

    @Override
    public CompletionStage<List<Known>> transaction(@Nullable String account, String transactionId) {
        return ask(() -> {
            List<Known> known = new ArrayList<>();
            Visitor taker = (alert, sampled, label) -> {
                Transaction transaction = transaction(alert, sampled);
                if (transaction.transactionId().equals(transactionId)
                        && (account == null || account.equals(transaction.account()))) {
                    known.add(new Known(alert, sampled, label));
                }
            };
            if (account == null) {
                for (Alert alert : recent.recent().alerts()) {
                    taker.take(alert, null, labels.of(alert).label());
                }
            } else {
                visit(RowFilter.ofTransaction(account, transactionId), taker);
            }
            return known;
        });
    }

    /** Takes cases: an alert, or a transaction of the review sample, and the label that counts. */
    interface Visitor {
        void take(@Nullable Alert alert, @Nullable ScoredEvent sampled, @Nullable Label label);
    }

    static Transaction transaction(@Nullable Alert alert, @Nullable ScoredEvent sampled) {
        return alert != null
                ? alert.transaction()
                : Objects.requireNonNull(sampled).transaction();
    }

    static String id(@Nullable Alert alert, @Nullable ScoredEvent sampled) {
        return alert != null ? alert.id() : Objects.requireNonNull(sampled).id();
    }

    /** Hands over all alerts of a period, and then all of the review sample. Blocks. */
    void cases(AlertFilter.Period period, Visitor taker) throws IOException {
        visit(RowFilter.of(period), taker);
    }

    private void visit(RowFilter rows, Visitor taker) throws IOException {
        StoreManifest manifest = files.current().manifest();
        try (AlertScan scan = scan(manifest, recent.recent(), rows)) {
            for (Alert alert = scan.next(); alert != null; alert = scan.next()) {
                taker.take(alert, null, labels.of(alert).label());
            }
        }
        try (RowScan scan = files.scan(manifest, StoredTable.REVIEWS, rows)) {
            for (StoredRow row = scan.next(); row != null; row = scan.next()) {
                ScoredEvent event = ScoredEventCodec.decode(row.document());
                taker.take(
                        null,
                        event,
                        labels.book()
                                .counting(
                                        event.transaction().account(),
                                        event.transaction().transactionId()));
            }
        }
    }

    /** The period, where it is open at its beginning from so long before the newest alert on, at its end up to that. Blocks. */
    AlertFilter.Period period(AlertFilter.Period asked, Duration usual) throws IOException {
        long newest = 0;
        for (StoredFile file : files.current().manifest().files()) {
            newest = file.table() == StoredTable.LABELS ? newest : Math.max(newest, file.toMs());
        }
        for (Alert alert : recent.recent().alerts()) {
            newest = Math.max(newest, alert.transaction().eventTimeMs());
        }
        long to = asked.toMs() == Long.MAX_VALUE ? newest + 1 : asked.toMs();
        return new AlertFilter.Period(asked.fromMs() == Long.MIN_VALUE ? to - usual.toMillis() : asked.fromMs(), to);
    }

    <T> CompletionStage<T> ask(LakeQuestions.Question<T> question) {
        return questions.ask(question);
    }

    @Override
    public void close() {
        labels.stop().run();
        questions.close();
        try {
            files.close();
        } catch (IOException e) {
            LOG.warn("Copies of the alert store's files are left behind", e);
        }
    }
}
