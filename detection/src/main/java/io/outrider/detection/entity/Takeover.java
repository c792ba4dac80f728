package io.outrider.detection.entity;

import io.outrider.core.model.ContextRef;
import io.outrider.detection.protocol.SourceLog;
import io.outrider.lake.checkpoint.ClaimRefusedException;
import io.outrider.lake.checkpoint.PartitionCheckpoints;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Claim;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Held;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Takes a partition over: claims its manifest, points its shard at this node, and loads what the manifest names. The
 * claim comes first, so that a former owner is fenced before anything here can be seen. Thread-safe.
 */
final class Takeover {

    private static final Duration ATTRACTION_TIMEOUT = Duration.ofSeconds(20);

    private final Surroundings node;

    Takeover(Surroundings node) {
        this.node = node;
    }

    /**
     * A partition ready to run.
     *
     * @param settledOffset the log's end at the claim
     */
    record Taken(PartitionCheckpoints checkpoints, Held held, Map<String, byte[]> accounts, long settledOffset) {}

    /** Takes over; {@code fresh} is the context of a partition that was never claimed before. */
    CompletionStage<Taken> take(int partition, ContextRef fresh) {
        PartitionCheckpoints checkpoints =
                new PartitionCheckpoints(node.lake(), node.log().topic(), partition);
        return async(() -> claim(checkpoints, partition, fresh))
                .thenCompose(claimed -> node.accounts()
                        .attract(partition, ATTRACTION_TIMEOUT)
                        .thenApplyAsync(here -> unchecked(() -> load(claimed)), node.blocking()));
    }

    private Taken claim(PartitionCheckpoints checkpoints, int partition, ContextRef fresh) throws IOException {
        SourceLog log = node.log();
        if (!log.generation().equals(node.generation())) {
            throw new ClaimRefusedException(
                    "topic " + log.topic() + " was recreated while this node was running: its id was "
                            + node.generation() + " and is " + log.generation() + " now; restart the node");
        }
        long endOffset = log.endOffset(partition);
        Held held = checkpoints.claim(new Claim(
                UUID.randomUUID().toString(),
                log.topic(),
                node.generation(),
                partition,
                log.startOffset(partition),
                endOffset,
                node.scorer().planFingerprint(),
                fresh));
        // Read again: what a former owner decided before our claim fenced it lies below the end as it is now.
        return new Taken(checkpoints, held, Map.of(), log.endOffset(partition));
    }

    private Taken load(Taken claimed) throws IOException {
        node.scorer().load(claimed.held().manifest().context());
        Map<String, byte[]> accounts = claimed.checkpoints().load(claimed.held().manifest());
        claimed.checkpoints().deleteLeftovers(claimed.held().manifest());
        return new Taken(claimed.checkpoints(), claimed.held(), accounts, claimed.settledOffset());
    }

    /** Runs a blocking call on the threads that are for it. */
    <T> CompletionStage<T> async(Callable<T> call) {
        return CompletableFuture.supplyAsync(() -> unchecked(call), node.blocking());
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
