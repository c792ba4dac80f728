package io.outrider.training.etl;

import io.outrider.core.event.Label;
import io.outrider.core.event.Transaction;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.table.TableFileReader;
import io.outrider.training.dataset.DataFile;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was known of a dataset's transactions at a time, joined point in time: of a transaction's labels the newest version that
 * was known by then; where nobody had said anything, genuine once it was older than the maturity; in a historical import, the
 * truth it carries once that was known. Never a label from later. Memory: about 250 bytes a labelled transaction. Immutable.
 */
public final class KnownLabels {

    private final Map<Subject, Label> labels;
    private final @Nullable Duration declaredDelay;
    private final long asOfMs;
    private final Duration maturity;

    private record Subject(String account, String transactionId) {}

    /**
     * A verdict as it was known.
     *
     * @param fraud the verdict
     * @param knownAtMs since when it was known, milliseconds since the epoch
     * @param version the label's; 0 where there was no label but silence, or a declared truth
     * @param scenario what kind of fraud it was, if a label told
     */
    public record Known(
            boolean fraud,
            long knownAtMs,
            int version,
            @Nullable String scenario) {

        /** Without a label. */
        public static Known unlabelled(boolean fraud, long knownAtMs) {
            return new Known(fraud, knownAtMs, 0, null);
        }
    }

    private KnownLabels(Map<Subject, Label> labels, @Nullable Duration declaredDelay, long asOfMs, Duration maturity) {
        this.labels = labels;
        this.declaredDelay = declaredDelay;
        this.asOfMs = asOfMs;
        this.maturity = maturity;
    }

    /**
     * Reads the labels of a dataset's version.
     *
     * @param asOfMs the time, milliseconds since the epoch
     * @param maturity age at which a transaction without label counts as genuine
     * @param disk where temporary files may be made
     */
    public static KnownLabels read(BlobStore lake, DatasetManifest version, long asOfMs, Duration maturity, Path disk)
            throws IOException {
        Map<Subject, Label> labels = new HashMap<>();
        Path file = Files.createTempFile(disk, "outrider-labels-", ".parquet");
        try {
            for (DataFile table : version.labels().files()) {
                Files.write(file, new StoredFile(table.name(), table.sizeBytes(), table.sha256()).read(lake));
                try (TableFileReader rows = new TableFileReader(file)) {
                    for (Object[] row = rows.next(); row != null; row = rows.next()) {
                        take(LabelTable.label(row), asOfMs, labels);
                    }
                }
            }
        } finally {
            Files.deleteIfExists(file);
        }
        return new KnownLabels(labels, version.origin().labelDelay().orElse(null), asOfMs, maturity);
    }

    private static void take(Label label, long asOfMs, Map<Subject, Label> into) {
        if (label.knownSinceMs() <= asOfMs) {
            into.merge(
                    new Subject(label.account(), label.transactionId()),
                    label,
                    (known, other) -> other.replaces(known) ? other : known);
        }
    }

    /** What was known of a transaction; empty if nothing was. */
    public Optional<Known> of(Transaction event) {
        if (declaredDelay != null) {
            long knownAtMs = event.eventTimeMs() + declaredDelay.toMillis();
            Boolean fraud = event.fraud();
            return fraud == null || knownAtMs > asOfMs
                    ? Optional.empty()
                    : Optional.of(Known.unlabelled(fraud, knownAtMs));
        }
        Label label = labels.get(new Subject(event.account(), event.transactionId()));
        if (label != null) {
            return Optional.of(new Known(label.fraud(), label.knownSinceMs(), label.version(), label.scenario()));
        }
        long matureMs = event.eventTimeMs() + maturity.toMillis();
        return matureMs <= asOfMs ? Optional.of(Known.unlabelled(false, matureMs)) : Optional.empty();
    }
}
