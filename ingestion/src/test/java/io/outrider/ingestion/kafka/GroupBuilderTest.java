package io.outrider.ingestion.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.event.DeadLetter;
import io.outrider.core.event.EventGroup;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class GroupBuilderTest {

    private final GroupBuilder builder =
            new GroupBuilder(new TopicInfo("transactions", "generation", 4), 2, SourceFixture.READING);

    @Test
    void aConsumerThatIsSetBackOnTheWayDoesNotSetBackTheGroup() {
        for (long offset : new long[] {10, 11, 3, 4}) {
            builder.add(new ConsumerRecord<>("transactions", 2, offset, null, SourceFixture.bytes("nonsense")));
        }

        EventGroup group = builder.take();

        assertThat(group.deadLetters()).extracting(DeadLetter::offset).containsExactly(10L, 11L, 3L, 4L);
        assertThat(group.nextOffset()).isEqualTo(12);
    }
}
