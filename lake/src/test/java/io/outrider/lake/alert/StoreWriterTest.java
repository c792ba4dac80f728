package io.outrider.lake.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertCodec;
import io.outrider.core.alert.AlertFilter.Period;
import io.outrider.core.alert.Receipt;
import io.outrider.core.alert.Severity;
import io.outrider.core.erasure.ErasureList;
import io.outrider.core.erasure.ErasureRequest;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.ContextRef;
import io.outrider.core.port.BlobStore;
import io.outrider.core.pseudonym.AccountHash;
import io.outrider.lake.blob.FolderBlobStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written is found, once, whatever is merged, repeated, or written by two. */
class StoreWriterTest {

    private static final Instant DAY = Instant.parse("2026-03-04T00:00:00Z");
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-10T00:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    private AlertFiles files;

    @BeforeEach
    void open() throws IOException {
        files = new AlertFiles(new FolderBlobStore(folder), "transactions", 1 << 20);
    }

    @Test
    void alertsComeBackNewestFirstWithThePositionsThatTheyWereWrittenWith() throws IOException {
        StoreWriter writer = new StoreWriter(files, CLOCK);
        write(writer, 3, 1, 2);
        write(writer, 4, 5);

        assertThat(offsets(RowFilter.ALL)).containsExactly(5L, 4L, 3L, 2L, 1L);
        assertThat(files.current().manifest().position("alerts", "g", 0)).isEqualTo(6);
        assertThat(new StoreWriter(files, CLOCK).manifest().position("alerts", "g", 0))
                .isEqualTo(6);
        assertThat(files.current().manifest().position("alerts", "other", 0)).isZero();
    }

    @Test
    void anAlertWrittenTwiceIsReadOnce() throws IOException {
        StoreWriter writer = new StoreWriter(files, CLOCK);
        write(writer, 1, 2, 2);
        write(writer, 2, 3);

        assertThat(offsets(RowFilter.ALL)).containsExactly(3L, 2L, 1L);
    }

    @Test
    void anAlertIsFoundByItsId() throws IOException {
        StoreWriter writer = new StoreWriter(files, CLOCK);
        write(writer, 1, 2);
        write(writer, 30);

        StoredRow row = files.find(files.current().manifest(), StoredTable.ALERTS, "g-0-2");
        assertThat(row).isNotNull();
        assertThat(AlertCodec.decode(row.document())).isEqualTo(alert(2));
        assertThat(files.find(files.current().manifest(), StoredTable.ALERTS, "g-0-3"))
                .isNull();
        assertThat(files.find(files.current().manifest(), StoredTable.ALERTS, "nonsense"))
                .isNull();
    }

    @Test
    void manySmallFilesBecomeFewAndSayTheSame() throws IOException {
        StoreWriter writer = new StoreWriter(files, CLOCK);
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            write(writer, i);
            writer.tidy(Duration.ZERO);
            all.add(0, (long) i);
        }

        assertThat(files.current().manifest().files()).hasSizeLessThan(10);
        assertThat(offsets(RowFilter.ALL)).isEqualTo(all);
        assertThat(offsets(RowFilter.of(new Period(time(10), time(13))))).containsExactly(12L, 11L, 10L);
    }

    @Test
    void aSecondWriterFencesTheFirst() throws IOException {
        StoreWriter first = new StoreWriter(files, CLOCK);
        write(first, 1);
        StoreWriter second = new StoreWriter(files, CLOCK);
        write(second, 2);

        assertThatThrownBy(() -> write(first, 3)).isInstanceOf(StoreFencedException.class);
        assertThat(offsets(RowFilter.ALL)).containsExactly(2L, 1L);
    }

    @Test
    void whatIsOlderThanIsKeptLeaves() throws IOException {
        StoreWriter writer = new StoreWriter(files, CLOCK);
        write(writer, 1, 24 * 60 * 3); // 4 and 7 March
        writer.tidy(Duration.ofDays(4));

        assertThat(offsets(RowFilter.ALL)).containsExactly(24L * 60 * 3);
    }

    @Test
    void whatIsErasedIsReadByNobodyAtOnceAndThenInNoFile() throws IOException {
        AtomicReference<ErasureList> erasures = new AtomicReference<>(ErasureList.NONE);
        files = new AlertFiles(new FolderBlobStore(folder), "transactions", 1 << 20, erasures::get);
        StoreWriter writer = new StoreWriter(files, CLOCK);
        write(writer, 1, 2, 3);
        write(writer, 24 * 60 + 2); // alone on its day
        AccountHash hash = new AccountHash(new byte[32]);
        List<ErasureRequest> requests = new ArrayList<>();
        for (long offset : new long[] {2, 24 * 60 + 2, 9}) {
            LogPosition at = new LogPosition("g", 0, offset + 1);
            requests.add(new ErasureRequest("e" + offset, hash.of("account-" + offset), "ann", "", at, at, null));
        }
        erasures.set(new ErasureList(requests, hash));

        assertThat(offsets(RowFilter.ALL)).containsExactly(3L, 1L);

        long filesBefore = files.current().manifest().files().size();
        writer.erase();
        write(writer, 9, 10); // its topic still has what was erased
        erasures.set(ErasureList.NONE);
        assertThat(offsets(RowFilter.ALL)).containsExactly(10L, 3L, 1L);
        assertThat(files.current().manifest().erased()).containsExactly("e2", "e" + (24 * 60 + 2), "e9");
        assertThat(files.current().manifest().files()).hasSize((int) filesBefore);
        assertThat(new StoreWriter(files, CLOCK).manifest().erased()).hasSize(3);
    }

    @Test
    void whatWebhooksDidNotTakeOfAnErasedAccountIsDeleted() throws IOException {
        FolderBlobStore lake = new FolderBlobStore(folder);
        AtomicReference<ErasureList> erasures = new AtomicReference<>(ErasureList.NONE);
        files = new AlertFiles(lake, "transactions", 1 << 20, erasures::get);
        UndeliveredAlerts undelivered = new UndeliveredAlerts(lake, "transactions");
        undelivered.put("cases", alert(1), "status 500");
        undelivered.put("gone", alert(2), "the receiver is \"gone\" (410)");
        undelivered.put("cases", alert(2), "status 500");
        String strange = "alerts/transactions/webhooks/cases/dead/strange.json";
        lake.put(strange, "not ours".getBytes(StandardCharsets.UTF_8));
        AccountHash hash = new AccountHash(new byte[32]);
        LogPosition at = new LogPosition("g", 0, 3);
        erasures.set(
                new ErasureList(List.of(new ErasureRequest("e", hash.of("account-2"), "ann", "", at, at, null)), hash));

        new StoreWriter(files, CLOCK).erase();

        assertThat(lake.list("alerts/transactions/webhooks/"))
                .extracting(BlobStore.Entry::name)
                .containsExactly("alerts/transactions/webhooks/cases/dead/g-0-1.json", strange);
    }

    /** They may hold what is erased, and nobody rewrites them. */
    @Test
    void filesOfAWriterThatDiedWhileThisOneWasThereGoToo() throws IOException {
        StoreWriter writer = new StoreWriter(files, CLOCK);
        write(writer, 1);
        Path named = folder.resolve(files.current().manifest().files().get(0).name());
        Path left = Files.write(named.resolveSibling("left.parquet"), new byte[] {1});
        FileTime old = FileTime.from(CLOCK.instant().minus(Duration.ofHours(2)));
        Files.setLastModifiedTime(named, old);
        Files.setLastModifiedTime(left, FileTime.from(CLOCK.instant()));
        writer.tidy(Duration.ZERO);
        assertThat(left).as("it may be being written").exists();

        Files.setLastModifiedTime(left, old);
        StoreWriter second =
                new StoreWriter(files, Clock.fixed(CLOCK.instant().minus(Duration.ofHours(3)), ZoneOffset.UTC));
        write(second, 2);
        assertThatThrownBy(() -> writer.tidy(Duration.ZERO)).isInstanceOf(StoreFencedException.class);
        assertThat(left).exists();

        assertThat(new StoreWriter(files, CLOCK).manifest().files()).hasSize(2);
        assertThat(left).doesNotExist();
        assertThat(named).exists();
    }

    /** Erased by a program that let them be: they are looked for once, and not for ever. */
    @Test
    void whatAnEarlierProgramLeftOfUndeliveredAlertsGoesOnce() throws IOException {
        FolderBlobStore lake = new FolderBlobStore(folder);
        AccountHash hash = new AccountHash(new byte[32]);
        LogPosition at = new LogPosition("g", 0, 3);
        ErasureList erased =
                new ErasureList(List.of(new ErasureRequest("e", hash.of("account-2"), "ann", "", at, at, null)), hash);
        files = new AlertFiles(lake, "transactions", 1 << 20, () -> erased);
        new StoreWriter(files, CLOCK).erase();
        UndeliveredAlerts undelivered = new UndeliveredAlerts(lake, "transactions");
        undelivered.put("cases", alert(2), "status 500");

        new StoreWriter(files, CLOCK).erase();
        assertThat(lake.list("alerts/transactions/webhooks/")).isEmpty();

        undelivered.put("cases", alert(2), "status 500");
        new StoreWriter(files, CLOCK).erase();
        assertThat(lake.list("alerts/transactions/webhooks/")).hasSize(1);
    }

    private static void write(StoreWriter writer, long... offsets) throws IOException {
        for (long offset : offsets) {
            writer.take(StoredTable.ALERTS, StoredRow.of(alert(offset)));
            writer.position("alerts", "g", 0, offset + 1);
        }
        writer.commit();
    }

    private List<Long> offsets(RowFilter filter) throws IOException {
        List<Long> offsets = new ArrayList<>();
        try (RowScan scan = files.scan(files.current().manifest(), StoredTable.ALERTS, filter)) {
            for (StoredRow row = scan.next(); row != null; row = scan.next()) {
                offsets.add(
                        AlertCodec.decode(row.document()).receipt().position().offset());
            }
        }
        return offsets;
    }

    private static long time(long offset) {
        return DAY.plusSeconds(60 * offset).toEpochMilli();
    }

    private static Alert alert(long offset) {
        LogPosition position = new LogPosition("g", 0, offset);
        return new Alert(
                position.alertId(),
                new Transaction("t" + offset, "account-" + offset, 900, time(offset), null, null, null, null, null),
                0.99,
                0.9,
                Severity.HIGH,
                "m1",
                position.alertId(),
                60,
                List.of("amount 900 is far above the usual 60"),
                0.5,
                List.of(),
                null,
                new Receipt(position, new ContextRef("m1", 0), "plan", Map.of("amount", 900.0)));
    }
}
