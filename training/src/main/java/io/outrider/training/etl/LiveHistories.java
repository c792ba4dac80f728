package io.outrider.training.etl;

import io.outrider.core.port.BlobStore;
import io.outrider.lake.capture.CaptureFileName;
import io.outrider.lake.capture.CaptureFiles;
import io.outrider.lake.checkpoint.ContextHistory;
import io.outrider.lake.risk.RiskFiles;
import io.outrider.training.dataset.DatasetOrigin;
import io.outrider.training.dataset.PartitionProgress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the partitions were decided under live, as far as that is settled; nothing where the log never was, or where it does not
 * matter. Immutable.
 */
final class LiveHistories {

    /** Nothing is known of merchants. */
    static final LiveHistories NONE = new LiveHistories(DatasetOrigin.UNKNOWN, null, false, Map.of());

    private final String origin;
    private final @Nullable RiskFiles tables;
    private final boolean acceptMissing;
    private final Map<Integer, ContextHistory> histories;

    private LiveHistories(
            String origin, @Nullable RiskFiles tables, boolean acceptMissing, Map<Integer, ContextHistory> histories) {
        this.origin = origin;
        this.tables = tables;
        this.acceptMissing = acceptMissing;
        this.histories = Map.copyOf(histories);
    }

    /** Reads them, each from where a dataset goes on. */
    static LiveHistories read(BlobStore lake, EtlRisk risk, Collection<PartitionProgress> positions)
            throws IOException {
        if (risk instanceof EtlRisk.Declared declared) {
            return new LiveHistories(DatasetOrigin.DECLARED + declared.labelDelay(), null, false, Map.of());
        }
        EtlRisk.InForce inForce = (EtlRisk.InForce) risk;
        Map<Integer, ContextHistory> histories = new HashMap<>();
        for (PartitionProgress from : positions) {
            ContextHistory.read(lake, inForce.topic(), from.partition(), from.nextSequenceNumber())
                    .ifPresent(history -> histories.put(from.partition(), history));
        }
        return histories.isEmpty()
                ? new LiveHistories(DatasetOrigin.UNKNOWN, null, false, histories)
                : new LiveHistories(
                        DatasetOrigin.IN_FORCE,
                        new RiskFiles(lake, inForce.topic()),
                        inForce.acceptMissing(),
                        histories);
    }

    /** What features of merchants go by, for the dataset's origin. */
    String origin() {
        return origin;
    }

    /** The tables that were in force in a partition; empty if nothing is known of merchants. */
    Optional<RiskInForce> risk(int partition, String generation) {
        ContextHistory history = histories.get(partition);
        return tables == null || history == null
                ? Optional.empty()
                : Optional.of(new RiskInForce(tables, history, generation, acceptMissing));
    }

    /**
     * The files, of one partition and in order, that may be read now: up to the first one with records that are not decided yet,
     * for what they will be decided under is not known. All, where the log was never decided.
     */
    List<CaptureFileName> settled(List<CaptureFileName> names, CaptureFiles files, String generation)
            throws IOException {
        if (tables == null || names.isEmpty()) {
            return names;
        }
        ContextHistory history = histories.get(names.get(0).partition());
        if (history == null) {
            return List.of();
        }
        List<CaptureFileName> settled = new ArrayList<>(names);
        while (RiskInForce.isOf(history, generation)
                && !settled.isEmpty()
                && files.end(settled.get(settled.size() - 1), generation) > history.settledBelow()) {
            settled.remove(settled.size() - 1);
        }
        return settled;
    }
}
