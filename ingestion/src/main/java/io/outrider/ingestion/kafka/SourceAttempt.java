package io.outrider.ingestion.kafka;

import io.outrider.core.event.EventGroup;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.kafka.ConsumerSettings;
import org.apache.pekko.kafka.Subscriptions;
import org.apache.pekko.kafka.javadsl.Consumer;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One life of the live path's stream, from joining the consumer group to its end. Thread-safe. */
final class SourceAttempt {

    private static final Logger LOG = LoggerFactory.getLogger(SourceAttempt.class);

    /** Threads of their own for the streams, or they would wait for their turn behind all accounts that have events. */
    private static final String DECODING = "outrider.kafka.decoding-dispatcher";

    private final ActorSystem<?> system;
    private final KafkaSettings kafka;
    private final TopicInfo topic;
    private final EventReading reading;
    private final PartitionOwner owner;
    private final SourceHealth health;
    private final AssignedPartitions partitions;

    private volatile boolean streamed;
    private volatile @Nullable SourceConsumer consumer;
    private Consumer.@Nullable DrainingControl<Done> control;
    private boolean drains;

    SourceAttempt(
            ActorSystem<?> system,
            KafkaSettings kafka,
            TopicInfo topic,
            EventReading reading,
            PartitionOwner owner,
            SourceHealth health) {
        this.system = system;
        this.kafka = kafka;
        this.topic = topic;
        this.reading = reading;
        this.owner = owner;
        this.health = health;
        this.partitions = new AssignedPartitions(
                partition -> new AssignedPartition(system, partition, owner, kafka.consumer(), () -> prove(partition)));
    }

    /** Whether a partition was ever streamed. */
    boolean hasStreamed() {
        return streamed;
    }

    /** Joins and streams; completes with the end of it all. Call once. */
    CompletionStage<Done> run() {
        Consumer.DrainingControl<Done> started = Consumer.plainPartitionedManualOffsetSource(
                        consumerSettings(), Subscriptions.topics(topic.name()), this::claim, this::release)
                .mapAsyncUnordered(topic.partitions(), this::stream)
                .toMat(Sink.ignore(), Consumer::createDrainingControl)
                .run(system);
        boolean already;
        synchronized (this) {
            control = started;
            already = drains;
        }
        if (already) {
            drain(); // it was asked for while the stream was being set up
        }
        return started.streamCompletion()
                .handle((done, failure) -> failure)
                .thenCompose(failure -> started.isShutdown().handle((done, ignored) -> outcome(failure)))
                .thenCompose(stage -> stage);
    }

    private CompletionStage<Done> outcome(@Nullable Throwable failure) {
        return failure == null
                ? CompletableFuture.completedFuture(Done.getInstance())
                : CompletableFuture.failedFuture(failure);
    }

    private CompletionStage<Done> stream(
            Pair<TopicPartition, Source<ConsumerRecord<byte[], byte[]>, NotUsed>> offered) {
        TopicPartition partition = offered.first();
        AssignedPartition assigned = partitions.offered(partition.partition());
        return assigned.claimed()
                .thenCompose(offset -> offset.isPresent() && assigned.begin()
                        ? place(partition, offset.get())
                        : CompletableFuture.completedStage(false))
                .thenCompose(placed -> placed && !assigned.isOver()
                        ? stream(assigned, offered.second())
                        : CompletableFuture.completedStage(Done.getInstance()));
    }

    /** Whether it is placed; false if the consumer is closed, and all of this over. */
    private CompletionStage<Boolean> place(TopicPartition partition, long offset) {
        return Objects.requireNonNull(consumer).place(partition, offset).handle((placed, closed) -> closed == null);
    }

    private CompletionStage<Done> stream(
            AssignedPartition assigned, Source<ConsumerRecord<byte[], byte[]>, NotUsed> records) {
        int partition = assigned.partition();
        Sink<EventGroup, CompletionStage<Done>> sink = owner.sink(partition);
        streamed = true;
        health.streams(partition);
        return records.via(new EventGrouping(() -> new GroupBuilder(topic, partition, reading), this::share))
                .via(assigned.flow())
                .toMat(sink, Keep.right())
                .withAttributes(ActorAttributes.dispatcher(DECODING))
                .run(system)
                .handle((done, failure) -> failure)
                .thenCompose(failure -> ended(assigned, failure));
    }

    /** The connector offers the source of a stream that failed again, and then the partition is claimed anew. */
    private CompletionStage<Done> ended(AssignedPartition assigned, @Nullable Throwable failure) {
        int partition = assigned.partition();
        if (failure == null && isDraining()) {
            return owner.finish(partition);
        }
        if (failure != null && !partitions.owns(partition)) {
            LOG.info("Partition {} failed as it was revoked: {}", partition, RootCause.of(failure));
        } else if (failure != null) {
            health.fails(partition, RootCause.of(failure));
            LOG.warn("The stream of partition {} failed, and is claimed again", partition, failure);
            if (!partitions.owns(partition)) {
                health.released(Set.of(partition)); // meanwhile
            }
        }
        return CompletableFuture.completedFuture(Done.getInstance());
    }

    /** The connector waits for no claim: each partition is placed when it has its own. */
    private CompletionStage<Map<TopicPartition, Object>> claim(Set<TopicPartition> assigned) {
        Set<Integer> numbers = numbers(assigned);
        if (!numbers.isEmpty()) {
            LOG.info("Partitions {} of {} assigned", numbers, topic.name());
            // Revoked, and assigned again within the grace: their streams have run on, but the consumer has lost
            // its place.
            partitions.abort(numbers, "the partition was away for a moment");
            partitions.assign(numbers);
            health.joined();
        }
        return CompletableFuture.completedFuture(Map.of());
    }

    private void release(Set<TopicPartition> revoked) {
        release(partitions.end(numbers(revoked)), "revoked");
    }

    /** Ends what is still assigned. */
    void releaseAll() {
        release(partitions.endAll(), "given up");
    }

    private void release(Set<Integer> ended, String why) {
        if (!ended.isEmpty()) {
            LOG.info("Partitions {} of {} {}", ended, topic.name(), why);
            health.released(ended);
            owner.release(ended);
        }
    }

    /** How many events of each partition may gather: its share of what the node may hold. */
    private int share() {
        return Math.max(1, kafka.consumer().maxGatheredEvents() / Math.max(1, partitions.count()));
    }

    private CompletionStage<Done> prove(int partition) {
        return Objects.requireNonNull(consumer).prove(partition);
    }

    private synchronized boolean isDraining() {
        return drains;
    }

    /** Stops fetching, lets every stream end and its owner make durable what it took. */
    void drain() {
        Consumer.DrainingControl<Done> current;
        synchronized (this) {
            drains = true;
            current = control;
        }
        if (current != null) {
            current.drainAndShutdown(system.executionContext());
            partitions.giveUp();
        }
    }

    private Set<Integer> numbers(Set<TopicPartition> named) {
        return named.stream().map(TopicPartition::partition).collect(Collectors.toSet());
    }

    private ConsumerSettings<byte[], byte[]> consumerSettings() {
        ConsumerTuning tuning = kafka.consumer();
        Map<String, Object> properties = kafka.consumerProperties();
        properties.putIfAbsent(
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                Math.toIntExact(tuning.fetchMaxWait().toMillis()));
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, kafka.groupId());
        kafka.groupInstanceId().ifPresent(id -> properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, id));
        properties.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        int sessionMs = Math.toIntExact(tuning.sessionTimeout().toMillis());
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, sessionMs);
        // Often, because members learn from its answer that partitions are to move, twice per move.
        properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, sessionMs / 10);
        return ConsumerSettings.create(system, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .withBootstrapServers(kafka.bootstrapServers())
                .withGroupId(kafka.groupId())
                .withPollInterval(tuning.pollInterval())
                .withPollTimeout(tuning.pollTimeout())
                .withStopTimeout(Duration.ZERO)
                .withWaitClosePartition(tuning.revokeGrace())
                .withConsumerFactory(settings -> {
                    SourceConsumer created =
                            new SourceConsumer(properties, topic.name(), owner, tuning, health::joined);
                    consumer = created;
                    return created;
                });
    }
}
