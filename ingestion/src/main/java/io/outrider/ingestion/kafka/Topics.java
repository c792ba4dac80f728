package io.outrider.ingestion.kafka;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates and describes our topics. Calls block. Thread-safe. */
public final class Topics implements AutoCloseable {

    /** A dead letter is the original record and its reason, so it may be larger than what a producer could send. */
    private static final int DEAD_LETTER_BYTES = 2 * 1024 * 1024;

    private static final Duration PROPAGATION = Duration.ofSeconds(30);
    private static final Duration RETRY = Duration.ofMillis(50);

    private static final int ANSWER_LIMIT_MS = 10_000;

    private final Admin admin;
    private final TopicSettings settings;

    public Topics(KafkaSettings kafka) {
        Map<String, Object> properties = new HashMap<>(kafka.adminProperties());
        // A broker that is not there is said so within seconds: somebody waits for the answer.
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_LIMIT_MS);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_LIMIT_MS);
        this.admin = Admin.create(properties);
        this.settings = kafka.topics();
    }

    /**
     * Creates the topics that are missing; existing ones are left as they are, whatever their shape.
     *
     * @return the names of those created
     */
    public List<String> createMissing() throws IOException {
        Set<String> existing = names();
        List<String> created = new ArrayList<>();
        for (NewTopic topic : wanted()) {
            if (!existing.contains(topic.name()) && create(topic)) {
                created.add(topic.name());
            }
        }
        for (NewTopic topic : wanted()) {
            awaitLeaders(topic.name());
        }
        return created;
    }

    /**
     * Returns when every partition answers. A broker that does not yet lead a partition refuses an idempotent producer's
     * first batch but may accept its second, and from then on calls the first out of order for ever.
     */
    private void awaitLeaders(String topic) throws IOException {
        int partitions = describeSoon(topic).partitions();
        Map<TopicPartition, OffsetSpec> all = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            all.put(new TopicPartition(topic, partition), OffsetSpec.latest());
        }
        await(admin.listOffsets(all).all(), "find the leaders of " + topic);
    }

    /** A topic just created is not known to every broker at once. */
    private TopicInfo describeSoon(String topic) throws IOException {
        long deadline = System.nanoTime() + PROPAGATION.toNanos();
        while (true) {
            try {
                return describe(topic);
            } catch (IOException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(RETRY.toNanos());
            }
        }
    }

    private List<NewTopic> wanted() {
        Map<String, String> configs = Map.of(
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                "LogAppendTime",
                TopicConfig.RETENTION_MS_CONFIG,
                String.valueOf(settings.retention().toMillis()));
        short replication = (short) settings.replicationFactor();
        List<NewTopic> topics = new ArrayList<>();
        for (String name : List.of(settings.transactions(), settings.ingress(), settings.scoredTransactions())) {
            topics.add(new NewTopic(name, settings.partitions(), replication).configs(configs));
        }
        for (String name : List.of(settings.alerts(), settings.labels())) {
            topics.add(new NewTopic(name, settings.sidePartitions(), replication).configs(configs));
        }
        Map<String, String> large = new HashMap<>(configs);
        large.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(DEAD_LETTER_BYTES));
        topics.add(new NewTopic(settings.deadLetters(), settings.sidePartitions(), replication).configs(large));
        return topics;
    }

    private boolean create(NewTopic topic) throws IOException {
        try {
            await(admin.createTopics(List.of(topic)).all(), "create topic " + topic.name());
            return true;
        } catch (IOException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return false; // another node was faster
            }
            throw e;
        }
    }

    /** The topics that there are. */
    public Set<String> names() throws IOException {
        return await(admin.listTopics().names(), "list the topics");
    }

    /** The topic as it is now; an {@link IOException} if it doesn't exist or the broker can't be asked. */
    public TopicInfo describe(String topic) throws IOException {
        Map<String, TopicDescription> descriptions = await(
                admin.describeTopics(List.of(topic)).allTopicNames(),
                "describe topic " + topic + ", which `outrider topics create` makes");
        TopicDescription description = Objects.requireNonNull(descriptions.get(topic));
        return new TopicInfo(
                topic,
                description.topicId().toString(),
                description.partitions().size());
    }

    /** Completes when a broker answers, and fails when none has within a limit. Unlike the other calls, does not block. */
    CompletionStage<?> answers(Duration within) {
        return admin.describeCluster(new DescribeClusterOptions().timeoutMs(Math.toIntExact(within.toMillis())))
                .nodes()
                .toCompletionStage();
    }

    /** Offset of the oldest record still kept; the end offset if there is none. */
    public long startOffset(String topic, int partition) throws IOException {
        return offset(topic, partition, OffsetSpec.earliest());
    }

    /** Offset that the next record will get. */
    public long endOffset(String topic, int partition) throws IOException {
        return offset(topic, partition, OffsetSpec.latest());
    }

    /** Offset that a consumer group has committed; empty if it has none. */
    public OptionalLong committedOffset(String group, String topic, int partition) throws IOException {
        TopicPartition at = new TopicPartition(topic, partition);
        OffsetAndMetadata committed = await(
                        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(),
                        "read the offsets of group " + group)
                .get(at);
        return committed == null ? OptionalLong.empty() : OptionalLong.of(committed.offset());
    }

    private long offset(String topic, int partition, OffsetSpec which) throws IOException {
        TopicPartition at = new TopicPartition(topic, partition);
        return await(admin.listOffsets(Map.of(at, which)).partitionResult(at), "read the offsets of " + at)
                .offset();
    }

    private static <T> T await(KafkaFuture<T> future, String what) throws IOException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException("Kafka could not " + what + ": " + cause.getMessage(), cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }
}
