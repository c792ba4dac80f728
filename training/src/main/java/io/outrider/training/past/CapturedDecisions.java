package io.outrider.training.past;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.outrider.core.alert.ScoredEvent;
import io.outrider.core.alert.ScoredEventCodec;
import io.outrider.core.erasure.ErasureList;
import io.outrider.core.event.EventSchema;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionDecoder;
import io.outrider.core.port.PastDecisions.Past;
import io.outrider.core.port.PastDecisions.Place;
import io.outrider.core.pseudonym.AccountNames;
import io.outrider.lake.capture.CaptureFileName;
import io.outrider.lake.capture.CaptureFiles;
import io.outrider.lake.capture.CaptureReader;
import io.outrider.lake.capture.CapturedEvent;
import io.outrider.training.dataset.PartitionProgress;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for transactions in Capture files: in those of scored transactions, where that topic is captured, and in those of the log that no
 * dataset has yet. Blocks. Thread-safe.
 */
final class CapturedDecisions {

    /** Files that are looked through, the newest first. */
    static final int FILES = 200;

    private static final String NOT_SCORED_AGAIN =
            "its features are in no dataset yet: etl makes the next one from what is captured";

    private final CaptureFiles transactions;
    private final CaptureFiles scored;
    private final EventSchema schema;
    private final AccountNames names;

    CapturedDecisions(CaptureFiles transactions, CaptureFiles scored, EventSchema schema, AccountNames names) {
        this.names = names;
        this.transactions = transactions;
        this.scored = scored;
        this.schema = schema;
    }

    /** Adds what the captured scored transactions say, and what was looked through of them: nothing where none are captured. */
    void findScored(TransactionKey key, ErasureList erasures, List<Past> found, List<String> lookedThrough)
            throws IOException {
        List<CaptureFileName> files = new ArrayList<>();
        for (int partition : scored.partitions()) {
            scored.list(partition).stream()
                    .filter(file -> key.on() == null || isWithin(file.time(), key.on()))
                    .forEach(files::add);
        }
        if (files.isEmpty()) {
            return;
        }
        Set<String> seen = new HashSet<>();
        lookedThrough.add("captured scored transactions ("
                + each(scored, newest(files), key, (event, generation) -> {
                    ScoredEvent decided = decode(event);
                    if (decided != null
                            && isMeant(decided.transaction(), key)
                            && !erasures.coversTransaction(
                                    key.account(), decided.receipt().position())
                            && seen.add(decided.id())) {
                        found.add(new Past(
                                Place.CAPTURE,
                                decided.transaction(),
                                decided.receipt().position(),
                                decided,
                                null));
                    }
                })
                + ")");
    }

    /** Adds what stands in the log behind a dataset, and what was looked through of it. */
    void findLogged(
            TransactionKey key,
            PartitionProgress progress,
            ErasureList erasures,
            List<Past> found,
            List<String> lookedThrough)
            throws IOException {
        List<CaptureFileName> files = transactions.list(progress.partition()).stream()
                .filter(file -> file.path().compareTo(progress.lastFile()) >= 0)
                .toList();
        TransactionDecoder decoder = new TransactionDecoder(schema);
        Set<LogPosition> seen = new HashSet<>();
        lookedThrough.add("captured transactions that are in no dataset yet ("
                + each(transactions, newest(files), key, (event, generation) -> {
                    LogPosition position = new LogPosition(generation, progress.partition(), event.sequenceNumber());
                    if (event.sequenceNumber() >= progress.nextSequenceNumber()
                            && event.body() != null
                            && decoder.decode(event.body(), event.enqueuedTimeMs()) instanceof Transaction transaction
                            && isMeant(named(transaction), key)
                            && !erasures.coversTransaction(key.account(), position)
                            && seen.add(position)) {
                        found.add(new Past(Place.CAPTURE, named(transaction), position, null, NOT_SCORED_AGAIN));
                    }
                })
                + ")");
    }

    /** Takes events that may be of the account. */
    private interface Taker {
        void take(CapturedEvent event, String generation);
    }

    /** Returns how much was read, as a person reads it. */
    private String each(CaptureFiles files, List<CaptureFileName> names, TransactionKey key, Taker taker)
            throws IOException {
        byte[] account = key.account().getBytes(UTF_8);
        int read = 0;
        while (read < names.size() && key.mayGoOn()) {
            try (CaptureReader reader = files.open(names.get(read++))) {
                String generation = reader.generation().orElse("");
                for (CapturedEvent event = reader.next(); event != null; event = reader.next()) {
                    byte[] by = event.kafkaKey();
                    if (by == null || Arrays.equals(by, account) || isNamed(by, key.account())) {
                        taker.take(event, generation);
                    }
                }
            }
        }
        return TransactionKey.files(read, names.size());
    }

    private Transaction named(Transaction transaction) {
        return transaction.withAccount(names.of(transaction.account()));
    }

    /** Whether a key is that of an account that goes by another name here. */
    private boolean isNamed(byte[] by, String account) {
        return names != AccountNames.IDS && names.of(new String(by, UTF_8)).equals(account);
    }

    private static List<CaptureFileName> newest(List<CaptureFileName> files) {
        return files.stream()
                .sorted(Comparator.comparing(CaptureFileName::time).reversed())
                .limit(FILES)
                .toList();
    }

    /** What happened on a date is captured, as a rule, on it or on the day after. */
    private static boolean isWithin(Instant captured, LocalDate on) {
        LocalDate date = LocalDate.ofInstant(captured, ZoneOffset.UTC);
        return date.equals(on) || date.equals(on.plusDays(1));
    }

    private static boolean isMeant(Transaction transaction, TransactionKey key) {
        return transaction.account().equals(key.account())
                && transaction.transactionId().equals(key.id())
                && key.isOn(transaction.eventTimeMs());
    }

    private static @Nullable ScoredEvent decode(CapturedEvent event) {
        byte[] body = event.body();
        try {
            return body == null ? null : ScoredEventCodec.decode(body);
        } catch (IllegalArgumentException e) {
            return null; // what else came by that topic is none of ours
        }
    }
}
