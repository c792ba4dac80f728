package io.outrider.app.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.app.command.CommandException;
import io.outrider.app.node.TopicHistory;
import io.outrider.app.rebuild.Rebuild.Choices;
import io.outrider.core.account.AccountState;
import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.event.Erasure;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionEncoder;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.ingestion.capture.CaptureSettings;
import io.outrider.ingestion.capture.CaptureWriter;
import io.outrider.ingestion.kafka.AccountRecords;
import io.outrider.ingestion.kafka.BulkProducer;
import io.outrider.lake.capture.CaptureFileName;
import io.outrider.lake.capture.CaptureFiles;
import io.outrider.lake.capture.CaptureGapException;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Held;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What the topic has lost is in Capture files. */
class RebuildFromCaptureTest extends RebuildFixture {

    @Test
    void whatTheLogHasLostIsTakenFromCaptureFiles() throws Exception {
        CaptureSettings capture = captured(2);
        checkpoints(2).claim(claim("node", 2));
        long end = topics.endOffset(topic.name(), 2);
        forget(2, end - 100);
        Choices without = new Choices(null, end, null, false, null);
        assertThatThrownBy(() -> rebuild(without).plan(2)).hasMessageContaining("--from-capture");

        Rebuild rebuild = rebuild(new Choices(null, end, null, false, capture));
        Rebuild.Task task = rebuild.plan(2);
        assertThat(task.logFrom()).isEqualTo(end - 100);
        Rebuild.Result result = rebuild.run(task, share -> {});
        assertThat(result.from()).isZero();
        assertThat(result.events()).isEqualTo(end);
        Held held = checkpoints(2).claim(claim("again", 2));
        Map<String, byte[]> states = new HashMap<>();
        checkpoints(2).load(held.manifest(), states::put);
        assertThat(featureHashes(states)).isEqualTo(expectedHashes(2));

        TopicHistory running = history(capture);
        List<String> all = idsOn(2);
        assertThat(ids(running, 2, 0, end)).as("files, then the topic").isEqualTo(all);
        assertThat(ids(running, 2, 7, end - 120)).as("files alone").isEqualTo(all.subList(7, all.size() - 120));
        assertThat(ids(running, 2, end - 60, end))
                .as("the topic alone")
                .isEqualTo(all.subList(all.size() - 60, all.size()));
    }

    /** What another plan's states are built from while the partition runs. */
    private TopicHistory history(CaptureSettings capture) {
        return new TopicHistory(kafka, topics, topic, capture.files(lake, topic.name()), READING);
    }

    /** Ids of the transactions of [from, to), as such a build takes them: what lies beside is left out. */
    private static List<String> ids(TopicHistory history, int partition, long from, long to) throws IOException {
        List<String> ids = new ArrayList<>();
        long[] next = {from};
        history.read(partition, from, to, group -> {
            for (LoggedEvent event : group.before(to).events()) {
                if (event.offset() >= next[0]) {
                    next[0] = event.offset() + 1;
                    ids.add(event.transaction().transactionId());
                }
            }
        });
        return ids;
    }

    private static List<String> idsOn(int partition) {
        return SENT.stream()
                .filter(sent -> READING.partitioner().partition(sent.account(), topic.partitions()) == partition)
                .map(Transaction::transactionId)
                .toList();
    }

    @Test
    void anAccountErasedInTheLogBeginsAnewThereWhetherThatIsReadFromCaptureFilesOrTheTopic() throws Exception {
        String erased = accountOn(4);
        Transaction again = transaction(SENT.size(), erased);
        try (BulkProducer producer = new BulkProducer(kafka)) {
            AccountRecords records = new AccountRecords(topic, READING.partitioner());
            producer.send(records.of(
                    erased, new Erasure("e", erased).encode(PLAN.schema().accountField())));
            producer.send(records.of(erased, new TransactionEncoder(PLAN.schema()).encode(again)));
            producer.flush();
        }
        Map<String, String> expected = expectedHashes(4);
        AccountState anew = new AccountStateCodec(PLAN).fresh();
        PLAN.apply(anew.features(), again, MerchantRisk.NONE, new double[PLAN.size()]);
        expected.put(erased, new AccountStateCodec(PLAN).featureStateHash(anew));
        CaptureSettings capture = captured(4);
        checkpoints(4).claim(claim("node", 4));
        long end = topics.endOffset(topic.name(), 4);
        for (long logFrom : new long[] {end - 10, end - 1}) { // the erasure in the topic still, then in a file alone
            forget(4, logFrom);
            Rebuild rebuild = rebuild(new Choices(null, end, null, false, capture));
            assertThat(rebuild.plan(4).logFrom()).isEqualTo(logFrom);
            rebuild.run(rebuild.plan(4), share -> {});
            Map<String, byte[]> states = new HashMap<>();
            checkpoints(4).load(checkpoints(4).claim(claim("again", 4)).manifest(), states::put);
            assertThat(featureHashes(states)).isEqualTo(expected);
        }
    }

    private static String accountOn(int partition) {
        return SENT.stream()
                .map(Transaction::account)
                .filter(account -> READING.partitioner().partition(account, topic.partitions()) == partition)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void captureFilesThatDoNotReachTheLogOrHaveAGapAreRefused() throws Exception {
        CaptureSettings capture = captured(3);
        checkpoints(3).claim(claim("node", 3));
        long end = topics.endOffset(topic.name(), 3);
        forget(3, end);
        CaptureSettings elsewhere =
                new CaptureSettings(true, "raw-transactions", "other", "capture", Duration.ofSeconds(1), 1 << 10);
        Rebuild without = rebuild(new Choices(null, end, null, false, elsewhere));
        assertThatThrownBy(() -> without.run(without.plan(3), share -> {}))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("end at offset 0, and its log starts at " + end);
        assertThatThrownBy(() -> ids(history(elsewhere), 3, 0, end))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "partition 3 of topic %s starts at offset %d, and its Capture files end at 0: what lies between is lost",
                        topic.name(), end);

        List<CaptureFileName> names = capture.files(lake, topic.name()).list(3);
        assertThat(names).hasSizeGreaterThan(1);
        lake.delete("raw-transactions/" + names.get(0).path());
        Rebuild rebuild = rebuild(new Choices(null, end, null, false, capture));
        assertThatThrownBy(() -> rebuild.run(rebuild.plan(3), share -> {}))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("where 0 is expected");
        assertThatThrownBy(() -> ids(history(capture), 3, 0, end))
                .isInstanceOf(CaptureGapException.class)
                .hasMessageContaining("where 0 is expected");
    }

    /** The topic's files so far, as a node of role batch writes them. */
    private CaptureSettings captured(int partition) throws IOException {
        CaptureSettings settings = new CaptureSettings(
                true, "raw-transactions", "outrider", "capture-" + partition, Duration.ofSeconds(1), 1 << 10);
        CaptureFiles files = settings.files(lake, topic.name());
        long end = topics.endOffset(topic.name(), partition);
        try (CaptureWriter writer = new CaptureWriter(kafka, settings, lake, new LiveMetrics(), Clock.systemUTC())) {
            writer.start();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> files.end(partition, topic.generation()).nextSequenceNumber() == end);
        }
        return settings;
    }
}
