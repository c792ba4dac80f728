package io.outrider.detection.entity;

import io.outrider.core.port.BlobStore;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.detection.protocol.PassiveAccounts;
import io.outrider.detection.protocol.RunLimits;
import io.outrider.detection.protocol.SourceLog;
import io.outrider.detection.scoring.SharedScorer;
import io.outrider.lake.risk.RiskFiles;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * What all partitions of a node share. Every part is thread-safe.
 *
 * @param risk where merchants' counts go
 * @param generation the topic's incarnation at start
 * @param states what account states are of: plan and pseudonyms
 * @param scratch opens what keeps a run's accounts that are not in memory; IOException if it cannot
 * @param writeRetry pause between attempts to write a checkpoint
 * @param giveUp how long a last checkpoint, or accounts leaving memory, may take before they are no longer waited for
 * @param blocking threads for calls that block
 */
public record Surroundings(
        BlobStore lake,
        RiskFiles risk,
        SourceLog log,
        String generation,
        String states,
        SharedScorer scorer,
        AccountRoute accounts,
        Publisher publisher,
        PartitionBoard board,
        LiveMetrics metrics,
        Clock clock,
        RunLimits limits,
        Scratch scratch,
        Duration writeRetry,
        Duration giveUp,
        Executor blocking) {

    /** Opens the passive accounts of a new run, empty. */
    public interface Scratch {

        PassiveAccounts open() throws IOException;
    }
}
