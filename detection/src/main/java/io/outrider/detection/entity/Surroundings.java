package io.outrider.detection.entity;

import io.outrider.core.model.ContextRef;
import io.outrider.core.port.BlobStore;
import io.outrider.core.pseudonym.PseudonymKey;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.detection.protocol.AccountFold;
import io.outrider.detection.protocol.PassiveAccounts;
import io.outrider.detection.protocol.PastLog;
import io.outrider.detection.protocol.RunLimits;
import io.outrider.detection.protocol.SourceLog;
import io.outrider.detection.scoring.SharedScorer;
import io.outrider.lake.risk.RiskFiles;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * What all partitions of a node share. Every part is thread-safe.
 *
 * @param risk where merchants' counts go
 * @param generation the topic's incarnation at start
 * @param past the same topic, from its first record on
 * @param pseudonyms what account states are of, besides a plan
 * @param unseen folds as {@code scorer} does, and nobody sees it: for events that were decided before
 * @param elapsedMs of a clock that nobody sets, and that goes on while the process is frozen
 * @param scratch opens what keeps a run's accounts that are not in memory; IOException if it cannot
 * @param writeRetry pause between attempts to write a checkpoint
 * @param buildRetry pause between attempts to build another plan's states
 * @param giveUp how long a last checkpoint, or accounts leaving memory, may take before they are no longer waited for
 */
public record Surroundings(
        BlobStore lake,
        RiskFiles risk,
        SourceLog log,
        PastLog past,
        String generation,
        PseudonymKey pseudonyms,
        SharedScorer scorer,
        Unseen unseen,
        AccountRoute accounts,
        Publisher publisher,
        PartitionBoard board,
        LiveMetrics metrics,
        Clock clock,
        LongSupplier elapsedMs,
        RunLimits limits,
        Scratch scratch,
        Duration writeRetry,
        Duration buildRetry,
        Duration giveUp,
        BlockingThreads threads) {

    /** What account states are of under a context: the plan of its models, and the pseudonyms. Blocks until that is known. */
    String statesOf(ContextRef context) throws IOException {
        return pseudonyms.statesOf(scorer.planOf(context));
    }

    /** What deadlines and leases are told by. */
    long nowMs() {
        return elapsedMs.getAsLong();
    }

    /** Opens accounts whose decisions nobody sees, under a context. Blocks; IOException if it cannot be loaded. */
    public interface Unseen {

        AccountFold<?> fold(int partition, ContextRef under) throws IOException;
    }

    /** Opens the passive accounts of a new run, empty. */
    public interface Scratch {

        PassiveAccounts open() throws IOException;
    }
}
