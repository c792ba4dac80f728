package io.outrider.detection.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.outrider.core.event.Label;
import io.outrider.core.event.LabelEncoder;
import io.outrider.lake.alert.AlertFiles;
import io.outrider.lake.alert.RowFilter;
import io.outrider.lake.alert.RowScan;
import io.outrider.lake.alert.StoredTable;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the topics into the lake and the book, where all is found. */
class StoreStreamTest {

    @TempDir
    Path folder;

    private TopicsAndLake topics;

    @BeforeEach
    void open() throws IOException {
        topics = new TopicsAndLake(folder);
    }

    @AfterEach
    void close() throws IOException {
        topics.close();
    }

    @Test
    void labelsGoIntoTheLakeToo() throws IOException {
        Label label = new Label("t1", "a", "m", TopicsAndLake.START, true, "ann", 1, TopicsAndLake.START);
        topics.append(new ConsumerRecord<>("labels", 0, 0, new byte[0], LabelEncoder.encode(label)));
        topics.append(new ConsumerRecord<>("labels", 0, 1, new byte[0], new byte[] {'{'}));
        topics.writeAll();

        AlertFiles files = topics.files();
        try (RowScan scan = files.scan(files.current().manifest(), StoredTable.LABELS, RowFilter.ALL)) {
            assertThat(scan.next()).isNotNull();
            assertThat(scan.next()).isNull();
        }
        assertThat(files.current().manifest().position("labels", "g", 0)).isEqualTo(2);
    }

    @Test
    void whatComesToAPartitionThatIsAddedIsStored() {
        topics.append(TopicsAndLake.alert(0, "a", 900));
        StoreStream stream = topics.writer();
        topics.awaitWritten();
        topics.add(label(1, "t1"));
        topics.awaitWritten();
        stream.close();
    }

    @Test
    void labelsOfAPartitionThatIsAddedAreInTheBook() {
        topics.add(label(0, "t0"));
        LabelBook labels = new LabelBook();
        LabelTail tail =
                new LabelTail(topics::consumer, topics.files(), TopicsAndLake.LABELS, TopicsAndLake.READING, labels);
        await().until(() -> !labels.history("a", "t0").isEmpty());
        topics.add(label(1, "t1"));
        await().until(() -> !labels.history("a", "t1").isEmpty());
        tail.close();
    }

    private static ConsumerRecord<byte[], byte[]> label(int partition, String transaction) {
        Label label = new Label(transaction, "a", "m", TopicsAndLake.START, true, "ann", 1, TopicsAndLake.START);
        return new ConsumerRecord<>("labels", partition, 0, new byte[0], LabelEncoder.encode(label));
    }
}
