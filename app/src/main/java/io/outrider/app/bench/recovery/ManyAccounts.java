package io.outrider.app.bench.recovery;

import io.outrider.app.bench.world.AccountDraw;
import io.outrider.app.bench.world.BenchTraffic;
import io.outrider.app.bench.world.BenchWorld;
import io.outrider.core.decision.ScoredEvents;
import io.outrider.core.event.EventGroup;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.event.Transaction;
import io.outrider.core.port.BlobStore;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.detection.scoring.PartitionFold;
import io.outrider.detection.scoring.SharedScorer;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.lake.checkpoint.AccountBytes;
import io.outrider.lake.checkpoint.CheckpointReplacement;
import io.outrider.lake.checkpoint.CheckpointReplacement.Rebuilt;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Checkpoints with many accounts: the states are of some thousand that have had some seventy events each. */
final class ManyAccounts {

    /** Of the names in {@link BenchTraffic}, too. */
    private static final String PREFIX = "user-";

    private static final int DIFFERENT = 2_000;
    private static final long EVENTS = 140_000;
    private static final long SEED = 5;

    private final BenchWorld world;
    private final TopicInfo topic;
    private final List<AccountBytes> states;
    private final long untilMs = Instant.now().toEpochMilli();

    ManyAccounts(BenchWorld world, TopicInfo topic) throws IOException {
        this.world = world;
        this.topic = topic;
        SharedScorer scorer = new SharedScorer(
                world.kafka().plan(),
                world.models(),
                SharedScorer.RiskTables.NONE,
                ScoredEvents.OFF,
                new LiveMetrics());
        scorer.load(world.context());
        PartitionFold fold = new PartitionFold(scorer, topic.generation(), 0, offset -> world.context());
        BenchTraffic traffic = new BenchTraffic(
                SEED, AccountDraw.of("uniform", DIFFERENT), EVENTS, Instant.ofEpochMilli(untilMs), BenchWorld.HISTORY);
        for (long offset = 0; traffic.hasNext(); offset++) {
            Transaction event = traffic.next();
            List<LoggedEvent> one = List.of(new LoggedEvent(offset, event.eventTimeMs(), event));
            fold.take(new EventGroup(0, one, List.of(), offset + 1));
        }
        this.states = fold.states();
    }

    /** Writes the checkpoints of all partitions, as of the beginning of their log, and returns the size of the files. */
    long write(BlobStore lake, int accounts) throws IOException {
        List<List<AccountBytes>> partitions = new ArrayList<>();
        for (int partition = 0; partition < topic.partitions(); partition++) {
            partitions.add(new ArrayList<>());
        }
        for (int number = 0; number < accounts; number++) {
            String account = account(number);
            int partition = world.kafka().reading().partitioner().partition(account, topic.partitions());
            partitions
                    .get(partition)
                    .add(new AccountBytes(
                            account, states.get(number % states.size()).state()));
        }
        long bytes = 0;
        for (int partition = 0; partition < topic.partitions(); partition++) {
            Rebuilt rebuilt = new Rebuilt(
                    topic.generation(),
                    world.kafka().plan().fingerprint(),
                    0,
                    world.context(),
                    List.of(),
                    partitions.get(partition));
            bytes += new CheckpointReplacement(lake, topic.name(), partition)
                    .write(rebuilt).files().stream()
                            .mapToLong(file -> file.sizeBytes())
                            .sum();
        }
        return bytes;
    }

    /** One event each for the first accounts, as those have them whose states they were given. */
    Iterator<Transaction> events(int accounts) {
        SplittableRandom random = new SplittableRandom(SEED);
        return IntStream.range(0, accounts)
                .mapToObj(number -> {
                    String model = states.get(number % states.size()).account();
                    int like = Integer.parseInt(model, PREFIX.length(), model.length(), 10);
                    return renamed(BenchTraffic.event(random, "touch-" + number, like, untilMs, 0), account(number));
                })
                .iterator();
    }

    private static Transaction renamed(Transaction event, String account) {
        return new Transaction(
                event.transactionId(),
                account,
                event.amount(),
                event.eventTimeMs(),
                event.merchant(),
                event.device(),
                event.network(),
                event.currency(),
                event.fraud());
    }

    private static String account(int number) {
        return PREFIX + number;
    }
}
