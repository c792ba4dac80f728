package io.outrider.app.node;

import io.outrider.core.port.AlertFeed;
import io.outrider.core.port.NodeStatus;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.detection.Detection;
import io.outrider.detection.DetectionParts;
import io.outrider.detection.DetectionSettings;
import io.outrider.http.HttpApi;
import io.outrider.http.HttpPorts;
import io.outrider.ingestion.kafka.KafkaIntake;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.ingestion.kafka.Topics;
import io.outrider.ingestion.kafka.TransactionSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node. Starting wires the way of the data from its end to its beginning: detection, then the stream that
 * feeds it, then what people call; stopping goes the other way, so that what was taken in is made durable.
 */
public final class OutriderNode implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OutriderNode.class);

    private static final Duration JOIN_LIMIT = Duration.ofSeconds(30);
    private static final Duration BIND_LIMIT = Duration.ofSeconds(30);
    private static final Duration STEP_LIMIT = Duration.ofSeconds(3);

    private final Deque<Step> stopping = new ArrayDeque<>();
    private final LiveMetrics metrics = new LiveMetrics();
    private final Detection detection;
    private final NodeStatus status;
    private final int port;

    private record Step(String what, AutoCloseable action) {}

    /**
     * Starts a node and returns when it listens; it is ready once {@link #status} says so.
     *
     * @throws IOException if the broker or the lake cannot be used
     * @throws IllegalStateException if the port is taken or the cluster cannot be formed
     */
    public static OutriderNode start(NodeParts parts) throws IOException {
        return new OutriderNode(parts);
    }

    private OutriderNode(NodeParts parts) throws IOException {
        boolean started = false;
        try {
            ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "outrider", parts.config());
            onStop("actor system", () -> {
                system.terminate();
                await(system.getWhenTerminated(), STEP_LIMIT);
            });
            formCluster(system);

            Topics topics = new Topics(parts.kafka());
            onStop("topics", topics);
            TopicInfo transactions = topics.describe(parts.kafka().topics().transactions());

            detection = detection(parts, system, new TopicLog(transactions.name(), topics), transactions.partitions());
            onStop("detection", detection);

            TransactionSource source = new TransactionSource(
                    system, parts.kafka(), transactions, parts.reading(), new DetectionOwner(detection));
            onStop("last checkpoints", () -> await(detection.drain(), STEP_LIMIT));
            onStop("transaction stream", () -> await(source.drain(), STEP_LIMIT));
            source.start();
            status = new StreamStatus(detection.status(), source);

            KafkaIntake intake = new KafkaIntake(parts.kafka(), transactions, parts.reading(), parts.clock());
            onStop("intake", intake);

            port = listen(parts, system, intake);
            started = true;
        } finally {
            if (!started) {
                close();
            }
        }
    }

    /** The port that the API listens on. */
    public int port() {
        return port;
    }

    /** The alerts of the whole cluster. */
    public AlertFeed alerts() {
        return detection.alerts();
    }

    /** How it is doing. */
    public NodeStatus status() {
        return status;
    }

    /** Its counters. */
    public LiveMetrics metrics() {
        return metrics;
    }

    /** Stops taking events, makes durable what was taken, and leaves. Each step is given a few seconds. */
    @Override
    public void close() {
        while (!stopping.isEmpty()) {
            Step step = stopping.pop();
            try {
                step.action().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.warn("Stopping the {} failed", step.what(), e);
            }
        }
    }

    private Detection detection(NodeParts parts, ActorSystem<?> system, TopicLog log, int partitions)
            throws IOException {
        return Detection.start(
                system,
                DetectionSettings.from(parts.config()),
                new DetectionParts(
                        parts.lake(),
                        parts.models(),
                        parts.plan(),
                        log,
                        parts.context(),
                        account -> parts.partitioner().partition(account, partitions),
                        new DetectionParts.Topics(
                                parts.kafka().topics().alerts(),
                                parts.kafka().topics().deadLetters(),
                                parts.kafka().topics().scoredTransactions()),
                        parts.kafka().adminProperties(),
                        metrics,
                        parts.clock()));
    }

    private int listen(NodeParts parts, ActorSystem<?> system, KafkaIntake intake) {
        HttpPorts ports = new HttpPorts(
                detection.accounts(),
                detection.alerts(),
                intake,
                detection.whatIf(),
                status,
                metrics,
                parts.plan().schema());
        ServerBinding binding = await(new HttpApi(system, parts.http(), ports, parts.clock()).bind(), BIND_LIMIT);
        onStop("API", () -> await(binding.terminate(Duration.ofSeconds(1)), STEP_LIMIT));
        return binding.localAddress().getPort();
    }

    private void onStop(String what, AutoCloseable action) {
        stopping.push(new Step(what, action));
    }

    private static void formCluster(ActorSystem<?> system) {
        Cluster cluster = Cluster.get(system);
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        long deadline = System.nanoTime() + JOIN_LIMIT.toNanos();
        while (!cluster.selfMember().status().equals(MemberStatus.up())) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the node did not come up in its cluster within " + JOIN_LIMIT);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static <T> T await(CompletionStage<T> stage, Duration limit) {
        try {
            return stage.toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("took longer than " + limit, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
