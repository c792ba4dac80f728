package io.outrider.detection.risk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.event.Label;
import io.outrider.core.model.ContextRef;
import io.outrider.core.risk.MerchantCounts;
import io.outrider.core.risk.MerchantHistory;
import io.outrider.detection.protocol.FaultyLake;
import io.outrider.lake.checkpoint.CheckpointManifest;
import io.outrider.lake.checkpoint.ContextChange;
import io.outrider.lake.risk.ReportName;
import io.outrider.lake.risk.RiskFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RiskAggregatorTest {

    private static final String MANIFEST = "checkpoints/transactions/0/manifest.json";
    private static final long NOW = 1_700_000_000_000L;
    private static final RiskSettings SETTINGS = settings("0 s");

    private final FaultyLake lake = new FaultyLake(this::isRefused, () -> false, new Calls());
    private final RiskFiles files = new RiskFiles(lake, "transactions");

    /** Calls of the lake until something happens in the middle of what is done. */
    private int callsLeft;

    private Happening happening = () -> {};

    /** Whether the lake refuses what it is asked next. */
    private boolean refusesOne;

    private boolean refusesAll;

    private boolean isRefused() {
        boolean refused = refusesOne || refusesAll;
        refusesOne = false;
        return refused;
    }

    @Test
    void ofABarrierTheReportOfTheHighestEpochCountsAndOnlyOnceItIsClosed() throws IOException {
        report(1, 1, 0, 10, 10);
        report(2, 1, 10, 30, 20); // its run was fenced before it could close the barrier
        report(2, 3, 10, 25, 15);
        report(3, 3, 25, 40, 15); // not closed yet
        manifest(3, 2, 25, 0);
        RiskAggregator aggregator = open();
        assertThat(aggregator.collect()).isTrue();
        assertThat(volume(aggregator)).isEqualTo(25);
        manifest(3, 3, 40, 0);
        assertThat(aggregator.collect()).isTrue();
        assertThat(aggregator.collect()).isFalse();
        assertThat(volume(aggregator)).isEqualTo(40);
    }

    @Test
    void aReportOfAFencedRunNeverCountsInPlaceOfTheOneThatClosesItsBarrierMeanwhile() throws IOException {
        report(1, 1, 0, 10, 10);
        report(2, 1, 10, 30, 20); // its run was fenced before it could close the barrier
        manifest(2, 1, 10, 0);
        RiskAggregator aggregator = open();
        callsLeft = 2;
        happening = () -> {
            report(2, 2, 10, 25, 15);
            manifest(2, 2, 25, 0);
        };
        aggregator.collect();
        report(3, 2, 25, 40, 15);
        manifest(2, 3, 40, 0);
        aggregator.collect();
        assertThat(volume(aggregator)).isEqualTo(40);
    }

    @Test
    void aReportOfAFencedRunThatComesWhenTheRightOneIsDeletedMovesNothing() throws IOException {
        report(1, 2, 0, 25, 25);
        manifest(2, 1, 25, 0);
        RiskAggregator aggregator = open();
        aggregator.collect();
        aggregator.save();
        report(1, 1, 0, 30, 30);
        assertThat(aggregator.collect()).isFalse();
        report(2, 2, 25, 40, 15);
        manifest(2, 2, 40, 0);
        aggregator.collect();
        assertThat(volume(aggregator)).isEqualTo(40);
        aggregator.save();
        assertThat(files.reports("g")).isEmpty();
    }

    @Test
    void aReportOfAFencedRunDoesNotCountInPlaceOfABarrierWithoutMerchants() throws IOException {
        report(1, 1, 0, 10, 10);
        report(2, 1, 10, 30, 20); // its run was fenced, and behind the next one's barrier 2 were dead letters only
        report(3, 2, 12, 40, 28);
        manifest(2, 3, 40, 0);
        RiskAggregator aggregator = open();
        aggregator.collect();
        assertThat(volume(aggregator)).isEqualTo(38);
    }

    @Test
    void aPartitionThatWasAddedSinceTheStartIsCounted() throws IOException {
        RiskAggregator aggregator = new RiskAggregator(files, "g", 0, SETTINGS);
        report(1, 1, 0, 10, 10);
        manifest(1, 1, 10, 0);
        aggregator.collect();
        aggregator.collect();
        assertThat(volume(aggregator)).isEqualTo(10);
    }

    @Test
    void aDamagedManifestHoldsUpItsOwnPartitionOnlyAndOnceMendedNothingIsLostOrCountedTwice() throws IOException {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        Logger log = (Logger) LoggerFactory.getLogger(RiskAggregator.class);
        log.addAppender(lines);
        report(1, 1, 0, 10, 10);
        manifest(1, 1, 10, 0);
        report(1, 1, 1, 0, 3, 3);
        manifest(1, 1, 1, 3, 0);
        RiskAggregator aggregator = open();
        aggregator.collect();
        report(2, 1, 10, 25, 15);
        manifest(1, 2, 25, 0);
        byte[] intact = Objects.requireNonNull(lake.peek(MANIFEST)).content();
        lake.damage(MANIFEST, "{".getBytes(StandardCharsets.UTF_8));
        report(1, 2, 1, 3, 5, 2);
        manifest(1, 1, 2, 5, 0);
        aggregator.collect();
        aggregator.save();
        aggregator.collect();
        assertThat(volume(aggregator)).isEqualTo(15);

        lake.damage(MANIFEST, intact);
        assertThat(aggregator.collect()).isTrue();
        assertThat(aggregator.collect()).isFalse();
        log.detachAppender(lines);
        assertThat(volume(aggregator)).isEqualTo(30);
        assertThat(lines.list).filteredOn(line -> line.getLevel() == Level.WARN).hasSize(1);
    }

    @Test
    void aManifestThatTheLakeDoesNotGiveHoldsUpItsOwnPartitionOnlyUnlessItGivesNone() throws IOException {
        report(1, 1, 0, 10, 10);
        manifest(1, 1, 10, 0);
        report(1, 1, 1, 0, 3, 3);
        manifest(1, 1, 1, 3, 0);
        RiskAggregator aggregator = open();
        callsLeft = 1;
        happening = () -> refusesOne = true;
        aggregator.collect();
        assertThat(volume(aggregator)).isEqualTo(3);
        refusesAll = true;
        assertThatThrownBy(aggregator::collect).isInstanceOf(IOException.class);
        refusesAll = false;
        aggregator.collect();
        assertThat(volume(aggregator)).isEqualTo(13);
    }

    @Test
    void noTableGoesWhileItCannotBeToldWhatAPartitionNames() throws IOException {
        RiskAggregator aggregator = open();
        for (int i = 1; i <= 6; i++) {
            aggregator.take(label("t" + i, true));
            aggregator.publish();
        }
        manifest(1, 1, 10, 2);
        byte[] intact = Objects.requireNonNull(lake.peek(MANIFEST)).content();
        lake.damage(MANIFEST, "{".getBytes(StandardCharsets.UTF_8));
        aggregator.save();
        assertThat(files.tables()).hasSize(6);
        lake.damage(MANIFEST, intact);
        aggregator.save();
        assertThat(files.tables()).extracting(RiskFiles.Stored::version).containsExactly(2L, 5L, 6L);
    }

    @Test
    void aCrashTakesAgainWhatWasNotSavedAndNothingElse() throws IOException {
        report(1, 1, 0, 10, 10);
        manifest(1, 1, 10, 0);
        RiskAggregator saved = open();
        saved.collect();
        saved.take(label("t1", true));
        saved.position("labels/g/0", 7);
        saved.save();
        assertThat(files.reports("g")).as("nobody needs it any more").isEmpty();
        report(2, 1, 10, 20, 10);
        manifest(1, 2, 20, 0);
        saved.collect();
        saved.take(label("t2", true));
        long version = saved.publish();
        RiskAggregator again = open();
        assertThat(again.position("labels/g/0")).isEqualTo(7);
        again.take(label("t2", true));
        again.collect();
        assertThat(again.publish()).isEqualTo(version + 1);
        assertThat(history(version)).usingRecursiveComparison().isEqualTo(history(version + 1));
        assertThat(again.publish()).as("nothing new, no new version").isEqualTo(version + 1);
    }

    @Test
    void aPartitionThatWentBackIsNotCountedTwice() throws IOException {
        report(1, 1, 0, 10, 10);
        manifest(1, 1, 10, 0);
        RiskAggregator aggregator = open();
        aggregator.collect();
        report(2, 2, 0, 6, 6);
        report(3, 2, 6, 14, 8);
        report(4, 2, 14, 20, 6);
        manifest(2, 4, 20, 0);
        aggregator.collect();
        assertThat(volume(aggregator)).as("records 10 to 13 are left out").isEqualTo(16);
    }

    @Test
    void aSecondAggregatorIsFoundOut() throws IOException {
        RiskAggregator one = open();
        RiskAggregator other = open();
        one.take(label("t1", true));
        one.publish();
        one.save();
        other.take(label("t2", true));
        assertThatThrownBy(other::publish).isInstanceOf(AggregatorFencedException.class);
        assertThatThrownBy(other::save).isInstanceOf(AggregatorFencedException.class);
        assertThat(files.current().version()).isEqualTo(1);
        one.take(label("t3", true));
        assertThat(one.publish())
                .as("the number that the other left is passed over")
                .isEqualTo(3);
    }

    @Test
    void oldTablesGoExceptThoseThatACheckpointNames() throws IOException {
        RiskAggregator aggregator = open();
        for (int i = 1; i <= 6; i++) {
            aggregator.take(label("t" + i, true));
            aggregator.publish();
        }
        manifest(1, 1, 10, 2, new ContextChange(4, new ContextRef("m", 3)));
        aggregator.save();
        assertThat(files.tables()).extracting(RiskFiles.Stored::version).containsExactly(2L, 3L, 5L, 6L);
    }

    @Test
    void tablesThatEtlMayStillNeedStay() throws IOException {
        RiskAggregator aggregator = new RiskAggregator(files, "g", 2, settings("1 day"));
        for (int i = 1; i <= 6; i++) {
            aggregator.take(label("t" + i, true));
            aggregator.publish();
        }
        aggregator.save();
        assertThat(files.tables()).hasSize(6);
    }

    private interface Happening {
        void happen() throws IOException;
    }

    private final class Calls implements FaultyLake.Watcher {

        @Override
        public void called() {
            if (callsLeft > 0 && --callsLeft == 0) {
                try {
                    happening.happen();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        @Override
        public void wrote(String name, byte[] content) {}
    }

    private static RiskSettings settings(String keptFor) {
        return RiskSettings.from(
                ConfigFactory.parseString("outrider.risk { kept-tables = 2, kept-for = " + keptFor + " }")
                        .withFallback(ConfigFactory.load()));
    }

    private RiskAggregator open() throws IOException {
        return new RiskAggregator(files, "g", 2, SETTINGS);
    }

    private void report(long barrier, long epoch, long from, long next, int events) throws IOException {
        report(0, barrier, epoch, from, next, events);
    }

    private void report(int partition, long barrier, long epoch, long from, long next, int events) throws IOException {
        MerchantCounts counts = new MerchantCounts();
        for (int i = 0; i < events; i++) {
            counts.add("m", NOW + i);
        }
        files.putReport(new ReportName("g", partition, barrier, epoch, from, next), counts.encode());
    }

    private void manifest(long epoch, long barrier, long nextOffset, long risk, ContextChange... changes)
            throws IOException {
        manifest(0, epoch, barrier, nextOffset, risk, changes);
    }

    private void manifest(int partition, long epoch, long barrier, long nextOffset, long risk, ContextChange... changes)
            throws IOException {
        lake.put(
                "checkpoints/transactions/" + partition + "/manifest.json",
                new CheckpointManifest(
                                CheckpointManifest.VERSION,
                                "transactions",
                                "g",
                                partition,
                                epoch,
                                "owner",
                                barrier,
                                nextOffset,
                                "plan",
                                new ContextRef("m", risk),
                                List.of(),
                                List.of(),
                                null,
                                List.of(changes),
                                List.of())
                        .toJson());
    }

    private static Label label(String id, boolean fraud) {
        return new Label(id, "a", "m", NOW, fraud, "me", 1, NOW);
    }

    private int volume(RiskAggregator aggregator) throws IOException {
        return history(aggregator.publish()).counts()[2];
    }

    private MerchantHistory history(long version) throws IOException {
        return Objects.requireNonNull(files.table(version).at("m", NOW));
    }
}
