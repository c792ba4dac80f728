package io.outrider.training.etl;

import io.outrider.core.model.ContextRef;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.core.risk.RiskTable;
import io.outrider.lake.checkpoint.ContextHistory;
import io.outrider.lake.risk.RiskFiles;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The merchant-risk tables that were in force, record by record in the order of the log. Holds one table. For one thread.
 */
public final class RiskInForce {

    private final RiskFiles tables;
    private final ContextHistory history;
    private final boolean ofThisLog;
    private final boolean acceptMissing;
    private RiskKnown current = RiskKnown.NOTHING;
    private @Nullable ContextRef inForce;
    private boolean beforeHistory;

    /**
     * Those of a partition.
     *
     * @param generation of the records that will be asked for
     * @param acceptMissing whether an older table may stand for one that is gone
     */
    RiskInForce(RiskFiles tables, ContextHistory history, String generation, boolean acceptMissing) {
        this.tables = tables;
        this.history = history;
        this.ofThisLog = isOf(history, generation);
        this.acceptMissing = acceptMissing;
    }

    /** Whether a history tells of records of a generation; those that don't say are taken to be of it. */
    static boolean isOf(ContextHistory history, String generation) {
        return generation.isEmpty() || generation.equals(history.generation());
    }

    /**
     * What was known at a record, none of which lies before one asked for earlier.
     *
     * @throws MissingRiskException if that is not known, and no substitute is accepted
     */
    public RiskKnown at(long sequenceNumber) throws IOException {
        ContextRef now = ofThisLog ? history.at(sequenceNumber) : null;
        if (now == null && !beforeHistory) {
            current = missing("record " + sequenceNumber + " lies before the history of what was in force", 0);
        } else if (now != null && !now.equals(inForce)) {
            if (inForce == null || inForce.riskVersion() != now.riskVersion()) {
                current = load(sequenceNumber, now.riskVersion());
            }
            inForce = now;
        }
        beforeHistory = now == null;
        return current;
    }

    private RiskKnown load(long sequenceNumber, long version) throws IOException {
        if (version == 0) {
            return RiskKnown.NOTHING;
        }
        Optional<RiskTable> table = tables.find(version);
        return table.isPresent()
                ? new RiskKnown(table.get(), version, false)
                : missing(
                        "merchant-risk table " + version + ", in force at record " + sequenceNumber + ", is gone",
                        version);
    }

    private RiskKnown missing(String why, long version) throws IOException {
        if (!acceptMissing) {
            throw new MissingRiskException(why);
        }
        List<RiskFiles.Stored> older = tables.tables().stream()
                .filter(table -> table.version() < version)
                .toList();
        MerchantRisk risk = older.isEmpty()
                ? MerchantRisk.NONE
                : tables.table(older.get(older.size() - 1).version());
        return new RiskKnown(risk, version, true);
    }
}
