package io.outrider.detection.entity;

import io.outrider.core.port.UnavailableException;
import io.outrider.detection.protocol.AccountPeer;
import io.outrider.detection.scoring.SharedScorer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.sharding.external.ExternalShardAllocation;
import org.apache.pekko.cluster.sharding.external.ExternalShardAllocationStrategy;
import org.apache.pekko.cluster.sharding.external.javadsl.ExternalShardAllocationClient;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingSettings;
import org.apache.pekko.cluster.sharding.typed.ShardingMessageExtractor;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The accounts' shard region: an entity's id is {@code <partition>|<account>}, its shard the partition, and a shard
 * lives where it was last pointed at. Passivation is the partition's business alone, so sharding's own is off.
 * Thread-safe.
 */
public final class AccountShards implements AccountRoute {

    private static final EntityTypeKey<AccountEntity.Command> TYPE =
            EntityTypeKey.create(AccountEntity.Command.class, "account");

    /** Nodes without it ask, and host none. */
    private static final String ROLE = "detection";

    private static final Duration TOUCH_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration TOUCH_PAUSE = Duration.ofMillis(50);

    /** How long a shard may take to come before it is pointed here again: another takeover may have pointed it elsewhere. */
    private static final Duration POINT_AGAIN = Duration.ofSeconds(5);

    private final ActorSystem<?> system;
    private final ActorRef<Envelope> region;
    private final ExternalShardAllocationClient allocation;
    private final Address self;

    /** A message on its way to an account. */
    record Envelope(String entityId, AccountEntity.Command message) {}

    /** Starts the region on this node. */
    public AccountShards(ActorSystem<?> system, SharedScorer scorer, String generation) {
        this.system = system;
        this.self = Cluster.get(system).selfMember().address();
        this.region = ClusterSharding.get(system)
                .init(Entity.of(TYPE, context -> {
                            String id = context.getEntityId();
                            int bar = id.indexOf('|');
                            return AccountEntity.create(new AccountEntity.Identity(
                                    id.substring(bar + 1),
                                    Integer.parseInt(id, 0, bar, 10),
                                    scorer,
                                    generation,
                                    context.getShard()));
                        })
                        .withRole(ROLE)
                        .withStopMessage(AccountEntity.Stop.INSTANCE)
                        .withSettings(ClusterShardingSettings.create(system).withNoPassivationStrategy())
                        .withAllocationStrategy(new ExternalShardAllocationStrategy(
                                system, TYPE.name(), Timeout.create(Duration.ofSeconds(5))))
                        .withMessageExtractor(new ByPartition()));
        this.allocation = ExternalShardAllocation.get(system).getClient(TYPE.name());
    }

    /** The id of an account's entity. */
    static String entityId(int partition, String account) {
        return partition + "|" + account;
    }

    @Override
    public void tell(int partition, String account, @Nullable AccountPeer peer, AccountEntity.Command message) {
        if (peer instanceof AccountEntity.Peer entity) {
            entity.ref().tell(message);
        } else {
            region.tell(new Envelope(entityId(partition, account), message));
        }
    }

    @Override
    public CompletionStage<Done> attract(int partition, Duration timeout, Supplier<CompletionStage<Boolean>> stands) {
        long deadline = System.nanoTime() + timeout.toNanos();
        return allReachable(deadline).thenCompose(done -> pointHere(partition, deadline, stands));
    }

    private CompletionStage<Done> pointHere(int partition, long deadline, Supplier<CompletionStage<Boolean>> stands) {
        return stands.get()
                .thenCompose(still -> still
                        ? allocation.setShardLocation(Integer.toString(partition), self)
                        : CompletableFuture.<Done>failedFuture(new UnavailableException(
                                "shard " + partition + " is not to come to this node any more")))
                .thenCompose(done -> touch(partition, deadline, System.nanoTime() + POINT_AGAIN.toNanos(), stands));
    }

    /**
     * Waits while a node is unreachable, until it is removed or back. A shard asked to move away from a node that dies
     * meanwhile is waited for until the hand-off times out, far longer than it takes to remove the node; one whose node
     * is gone is just placed anew.
     */
    private CompletionStage<Done> allReachable(long deadline) {
        boolean waits = !Cluster.get(system).state().getUnreachable().isEmpty() && System.nanoTime() < deadline;
        return waits
                ? Patterns.after(TOUCH_PAUSE, system.classicSystem(), () -> allReachable(deadline))
                : CompletableFuture.completedFuture(Done.getInstance());
    }

    /** Touches until the answer comes from here: while a shard moves, touches are lost or answered by its last home. */
    private CompletionStage<Done> touch(
            int partition, long deadline, long pointAgain, Supplier<CompletionStage<Boolean>> stands) {
        // No account is empty, so this entity is nobody's.
        String id = entityId(partition, "");
        return AskPattern.<Envelope, AccountEntity.Touched>ask(
                        region,
                        replyTo -> new Envelope(id, new AccountEntity.Touch(replyTo)),
                        TOUCH_TIMEOUT,
                        system.scheduler())
                .handle((touched, failure) -> touched)
                .thenCompose(touched -> {
                    if (touched != null && touched.entity().path().address().hasLocalScope()) {
                        return CompletableFuture.completedFuture(Done.getInstance());
                    }
                    if (System.nanoTime() > deadline) {
                        return CompletableFuture.<Done>failedFuture(
                                new UnavailableException("shard " + partition + " does not come to this node"));
                    }
                    boolean isElsewhere = touched != null && System.nanoTime() > pointAgain;
                    // A stage of null would never complete behind this.
                    return Patterns.after(
                            TOUCH_PAUSE,
                            system.classicSystem(),
                            () -> isElsewhere
                                    ? pointHere(partition, deadline, stands)
                                    : touch(partition, deadline, pointAgain, stands));
                });
    }

    /** Reads the shard off the entity id, without hashing or building a string for the usual partitions. */
    private static final class ByPartition extends ShardingMessageExtractor<Envelope, AccountEntity.Command> {

        private static final String[] NAMES = new String[1024];

        static {
            for (int i = 0; i < NAMES.length; i++) {
                NAMES[i] = Integer.toString(i);
            }
        }

        @Override
        public String entityId(Envelope envelope) {
            return envelope.entityId();
        }

        @Override
        public String shardId(String entityId) {
            int partition = Integer.parseInt(entityId, 0, entityId.indexOf('|'), 10);
            return partition < NAMES.length ? NAMES[partition] : Integer.toString(partition);
        }

        @Override
        public AccountEntity.Command unwrapMessage(Envelope envelope) {
            return envelope.message();
        }
    }
}
