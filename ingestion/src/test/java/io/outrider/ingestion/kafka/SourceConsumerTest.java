package io.outrider.ingestion.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.pekko.Done;
import org.junit.jupiter.api.Test;

class SourceConsumerTest extends SourceFixture {

    @Test
    void aMemberProvesThatAPartitionIsItsOwnUntilTheGroupHasDroppedIt() throws Exception {
        try (SourceConsumer consumer = member()) {
            await().atMost(PATIENCE).until(() -> polled(consumer).assignment().size() == topic.partitions());
            assertThat(answer(consumer, 1)).as("nothing told yet").isCompleted();
            owner.durable.putAll(Map.of(0, 3L, 1, 4L));
            await().atMost(PATIENCE).until(() -> isCommitted(consumer));
            assertThat(answer(consumer, 1)).isCompleted();
            assertThat(answer(consumer, 17)).isCompletedExceptionally();

            dropFromGroup();

            assertThat(answer(consumer, 1)).isCompletedExceptionally();
        }
    }

    private SourceConsumer member() {
        Map<String, Object> properties = kafka.consumerProperties();
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, kafka.groupId());
        properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "node");
        SourceConsumer consumer = new SourceConsumer(properties, topic.name(), owner, kafka.consumer(), () -> {});
        consumer.subscribe(List.of(topic.name()), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                consumer.pause(partitions);
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}
        });
        return consumer;
    }

    private static SourceConsumer polled(SourceConsumer consumer) {
        consumer.poll(Duration.ofMillis(10));
        return consumer;
    }

    private static boolean isCommitted(SourceConsumer consumer) {
        return polled(consumer)
                .committed(consumer.assignment())
                .values()
                .containsAll(List.of(new OffsetAndMetadata(3), new OffsetAndMetadata(4)));
    }

    private static CompletableFuture<Done> answer(SourceConsumer consumer, int partition) {
        CompletableFuture<Done> answer = consumer.prove(partition).toCompletableFuture();
        await().atMost(PATIENCE).until(() -> {
            polled(consumer);
            return answer.isDone();
        });
        return answer;
    }

    private void dropFromGroup() throws Exception {
        try (Admin admin = Admin.create(kafka.adminProperties())) {
            admin.removeMembersFromConsumerGroup(
                            kafka.groupId(),
                            new RemoveMembersFromConsumerGroupOptions(Set.of(new MemberToRemove("node"))))
                    .all()
                    .get();
        }
    }
}
