package io.outrider.detection.entity;

import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.model.ContextRef;
import io.outrider.core.port.UnavailableException;
import io.outrider.detection.protocol.PassiveAccounts;
import io.outrider.detection.protocol.SourceLog;
import io.outrider.detection.protocol.Tenure;
import io.outrider.detection.scoring.HeldContexts;
import io.outrider.lake.checkpoint.CheckpointManifest;
import io.outrider.lake.checkpoint.ClaimRefusedException;
import io.outrider.lake.checkpoint.CorruptCheckpointException;
import io.outrider.lake.checkpoint.PartitionCheckpoints;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Claim;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Held;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Restored;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a partition over: claims its manifest, points its shard at this node, and loads what the manifest names. The
 * claim comes first, so that a former owner is fenced before anything here can be seen. One that is given up meanwhile neither claims nor
 * moves the shard any more, which another may be taking over. Thread-safe.
 */
final class Takeover {

    private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);

    /** Long enough for a dead node to be removed: who fails earlier only sends the partition on to others who wait, too. */
    private static final Duration ATTRACTION_TIMEOUT = Duration.ofSeconds(60);

    private final Surroundings node;

    Takeover(Surroundings node) {
        this.node = node;
    }

    /**
     * A partition ready to run, to be closed when that is over.
     *
     * @param held what the run goes on from
     * @param accounts all of the partition
     * @param contexts hold what the run goes on under
     * @param codec of the accounts' states
     * @param settledOffset the log's end at the claim: what lies below is backlog
     * @param tenure begun with the claim
     * @param setback null, unless a checkpoint file was damaged
     */
    record Taken(
            PartitionCheckpoints checkpoints,
            Held held,
            PassiveAccounts accounts,
            HeldContexts contexts,
            AccountStateCodec codec,
            long settledOffset,
            Tenure tenure,
            @Nullable Setback setback)
            implements AutoCloseable {

        @Override
        public void close() {
            contexts.close();
            accounts.close();
        }
    }

    /**
     * The partition went back to an earlier checkpoint.
     *
     * @param reason what was damaged
     * @param untilOffset how far it had been before
     */
    record Setback(String reason, long untilOffset) {}

    /**
     * What a claim is to follow, and nothing else.
     *
     * @param held where the stream that is kept goes on
     * @param owner of all attempts at the claim, so that one whose answer or whose load failed can be repeated
     */
    record Former(Held held, String owner) {}

    private record Claimed(
            PartitionCheckpoints checkpoints, Held held, long startOffset, long settledOffset, Tenure tenure) {}

    /**
     * Takes over.
     *
     * @param fresh the context of a partition that was never claimed before
     * @param former null, unless this claim is to follow that one and no other
     * @param stands false once this is given up: then it fails, as soon as it can
     */
    CompletionStage<Taken> take(int partition, ContextRef fresh, @Nullable Former former, BooleanSupplier stands) {
        PartitionCheckpoints checkpoints =
                new PartitionCheckpoints(node.lake(), node.log().topic(), partition);
        return async(node.threads().checkpoints(), () -> {
                    refuseGivenUp(partition, stands);
                    return claim(checkpoints, partition, fresh, former);
                })
                .thenCompose(claimed -> node.accounts()
                        .attract(
                                partition,
                                ATTRACTION_TIMEOUT,
                                () -> async(
                                        node.threads().leases(),
                                        () -> stands.getAsBoolean() && checkpoints.isOwnedBy(claimed.held())))
                        .thenCompose(here -> async(node.threads().loads(), () -> {
                            refuseGivenUp(partition, stands);
                            return load(claimed, former);
                        })));
    }

    private static void refuseGivenUp(int partition, BooleanSupplier stands) {
        if (!stands.getAsBoolean()) {
            throw new UnavailableException("taking over partition " + partition + " was given up");
        }
    }

    private Claimed claim(PartitionCheckpoints checkpoints, int partition, ContextRef fresh, @Nullable Former former)
            throws IOException {
        SourceLog log = node.log();
        if (!log.generation().equals(node.generation())) {
            throw new ClaimRefusedException(
                    "topic " + log.topic() + " was recreated while this node was running: its id was "
                            + node.generation() + " and is " + log.generation() + " now; restart the node");
        }
        long startOffset = log.startOffset(partition);
        long endOffset = log.endOffset(partition);
        long claimMs = node.nowMs();
        Claim claim = new Claim(
                former == null ? UUID.randomUUID().toString() : former.owner(),
                log.topic(),
                node.generation(),
                partition,
                startOffset,
                endOffset,
                node.statesOf(fresh),
                fresh);
        // The plan travels with the model: under what a partition was, it goes on, until the change is made.
        Held held = checkpoints.claim(
                claim,
                manifest -> node.statesOf(manifest.context()).equals(manifest.planFingerprint()),
                former == null ? null : former.held());
        // Read again: what a former owner decided before our claim fenced it lies below the end as it is now.
        long settledOffset = log.endOffset(partition);
        Tenure tenure =
                new Tenure(held.manifest().epoch(), node.limits().leaseMs(), claimMs, node.nowMs(), settledOffset);
        return new Claimed(checkpoints, held, startOffset, settledOffset, tenure);
    }

    private Taken load(Claimed claimed, @Nullable Former former) throws IOException {
        PassiveAccounts accounts = node.scratch().open();
        HeldContexts contexts = node.scorer().holder();
        boolean loaded = false;
        try {
            Taken taken = load(claimed, accounts, contexts);
            refuseGap(former, taken.held().manifest());
            loaded = true;
            return taken;
        } finally {
            if (!loaded) {
                contexts.close();
                accounts.close();
            }
        }
    }

    /** A stream that is kept does not come again with what lies between; one that begins anew does. */
    private static void refuseGap(@Nullable Former former, CheckpointManifest from) throws ClaimRefusedException {
        if (former != null && from.nextOffset() < former.held().manifest().nextOffset()) {
            throw new ClaimRefusedException("partition " + from.partition() + " is back at offset " + from.nextOffset()
                    + ", below " + former.held().manifest().nextOffset() + ", where its stream goes on");
        }
    }

    private Taken load(Claimed claimed, PassiveAccounts accounts, HeldContexts contexts) throws IOException {
        Held held = claimed.held();
        Restored restored = claimed.checkpoints().restore(held, claimed.startOffset(), accounts);
        CheckpointManifest from = restored.held().manifest();
        contexts.hold(from.context());
        AccountStateCodec codec = node.scorer().codec(from.context());
        claimed.checkpoints().deleteLeftovers(held.manifest());
        Setback setback = null;
        CorruptCheckpointException damage = restored.damage();
        if (damage != null) {
            setback = new Setback(
                    "went back to offset " + from.nextOffset() + " because " + damage.getMessage(),
                    held.manifest().nextOffset());
            LOG.error("Partition {} {}", from.partition(), setback.reason(), damage);
            node.metrics().setbacks.increment();
        }
        return new Taken(
                claimed.checkpoints(),
                restored.held(),
                accounts,
                contexts,
                codec,
                claimed.settledOffset(),
                claimed.tenure(),
                setback);
    }

    private static <T> CompletionStage<T> async(Executor threads, Callable<T> call) {
        return CompletableFuture.supplyAsync(() -> unchecked(call), threads);
    }

    private static <T> T unchecked(Callable<T> call) {
        try {
            return call.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }
}
