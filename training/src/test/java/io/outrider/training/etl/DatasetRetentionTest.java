package io.outrider.training.etl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.port.BlobStore;
import io.outrider.core.telemetry.RetentionMetrics;
import io.outrider.lake.model.ModelFiles;
import io.outrider.training.dataset.DatasetLease;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.Datasets;
import io.outrider.training.dataset.LeaseUse;
import io.outrider.training.dataset.Quality;
import io.outrider.training.job.JobResult;
import io.outrider.training.retention.Retention;
import io.outrider.training.retention.RetentionSettings;
import io.outrider.training.retention.SupervisedRetention;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions of datasets that are older than they are kept go in parts, and what something refers to stays. */
class DatasetRetentionTest {

    @TempDir
    private Path folder;

    @TempDir
    private Path disk;

    private RetainedLake kept;
    private BlobStore lake;
    private RawLog log;
    private Datasets datasets;

    @BeforeEach
    void open() throws IOException {
        kept = new RetainedLake(folder, disk);
        lake = kept.lake;
        log = kept.log;
        datasets = kept.datasets;
    }

    @Test
    void aVersionThatAModelWasTrainedOnSurvivesWithAllItsFilesAndTheNewestToo() throws Exception {
        List<Long> rows = kept.versions();
        kept.model(1, datasets.get("t", 1));
        Retention retention = kept.retention(
                RetainedLake.settings(Duration.ZERO, RetainedLake.KEPT, Duration.ZERO, Duration.ZERO),
                RetainedLake.LATER);
        Set<String> states = kept.only(2);

        assertThat(kept.run(retention, Integer.MAX_VALUE).nothingNew()).isFalse();
        assertThat(datasets.versions("t")).containsExactly(1, 3);
        assertThat(kept.run(retention, Integer.MAX_VALUE).nothingNew()).isFalse();
        assertThat(kept.run(retention, Integer.MAX_VALUE).nothingNew()).isTrue();

        assertThat(kept.rows(1)).isEqualTo(rows.get(0));
        assertThat(kept.rows(3)).isEqualTo(rows.get(2));
        assertThat(states).isNotEmpty();
        for (String name : states) {
            assertThat(lake.get(name)).as(name).isEmpty();
        }
        log.add(0, RawLog.START + 9_000_000_000L, new byte[] {'{'});
        log.write(0, log.size(0) - 1, log.size(0), 9);
        assertThat(kept.etl())
                .as("ETL goes on")
                .hasValueSatisfying(version -> assertThat(version.version()).isEqualTo(4));
    }

    @Test
    void rowsOfOldDatesLeaveWithANewVersionAndAModelsVersionKeepsThem() throws Exception {
        kept.versions();
        kept.model(1, datasets.get("t", 3));
        Clock clock = Clock.fixed(Instant.parse("2026-03-04T12:00:00Z"), ZoneOffset.UTC);
        Duration twoDays = Duration.ofDays(2);
        Retention retention = kept.retention(
                new RetentionSettings(
                        Duration.ZERO, Duration.ZERO, twoDays, Duration.ZERO, Duration.ZERO, Duration.ZERO),
                clock);
        long before = kept.rows(3);

        assertThat(kept.run(retention, Integer.MAX_VALUE).results()).containsEntry("shortened", "1");
        assertThat(kept.run(retention, Integer.MAX_VALUE).nothingNew()).isTrue();

        DatasetManifest newest = datasets.newest("t").orElseThrow();
        assertThat(newest.version()).isEqualTo(4);
        assertThat(newest.files()).isNotEmpty().allMatch(file -> file.date().compareTo("2026-03-02") >= 0);
        assertThat(kept.rows(4))
                .isPositive()
                .isEqualTo(before - datasets.get("t", 3).rowsBefore("2026-03-02"));
        assertThat(newest.added())
                .as("how ETL last did can still be seen")
                .isEqualTo(datasets.get("t", 3).added())
                .isNotEqualTo(Quality.NONE);
        assertThat(kept.rows(3)).as("reproducible").isEqualTo(before);
        assertThat(kept.etl()).as("nothing is read again").isEmpty();
    }

    @Test
    void aKillAfterAnyDeletionLeavesALakeInWhichEveryVersionIsWhole() throws Exception {
        kept.versions();
        kept.model(1, datasets.get("t", 2));
        String newest = kept.model(2, datasets.get("t", 3));
        Retention retention = kept.retention(
                RetainedLake.settings(Duration.ZERO, RetainedLake.KEPT, RetainedLake.KEPT, Duration.ZERO),
                RetainedLake.LATER);
        int killed = 0;
        while (!retention.expired().isEmpty()) {
            assertThatThrownBy(() -> kept.run(retention, 1)).hasMessage("killed");
            killed++;
            kept.assertAllAreWhole();
        }
        assertThat(killed).isGreaterThan(5);
        assertThat(datasets.versions("t")).containsExactly(3);
        assertThat(new ModelFiles(lake, "p").versions()).containsExactly(newest);
    }

    @Test
    void nothingIsDeletedWhileEtlIsAtWorkAndRetentionWaitsForItAndSaysSo() throws Exception {
        kept.versions();
        Retention retention = kept.retention(
                RetainedLake.settings(Duration.ZERO, RetainedLake.KEPT, RetainedLake.KEPT, Duration.ZERO),
                RetainedLake.LATER);
        List<BlobStore.Entry> before = lake.list("processed-transactions/t/");
        List<String> heard = new ArrayList<>();
        DatasetLease etl = kept.leases().take(LeaseUse.WRITE, "ETL of dataset t");
        SupervisedRetention job = new SupervisedRetention(
                lake, "processed-transactions", kept.leases(), retention, new RetentionMetrics());

        JobResult result = job.run(new RetainedLake.Attempt(message -> {
            if (message.startsWith("waiting")) {
                heard.add(message);
                try {
                    assertThat(lake.list("processed-transactions/t/")).isEqualTo(before);
                    etl.confirm();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                etl.close();
            }
        }));

        assertThat(heard)
                .singleElement()
                .asString()
                .startsWith("waiting for ETL of dataset t, at the datasets since 20");
        assertThat(result.nothingNew()).isFalse();
        assertThat(datasets.versions("t")).containsExactly(3);
    }

    @Test
    void whatIsReferredToSinceTheLookStays() throws Exception {
        kept.versions();
        Retention retention = kept.retention(
                RetainedLake.settings(Duration.ZERO, RetainedLake.KEPT, Duration.ZERO, Duration.ZERO),
                RetainedLake.LATER);

        new SupervisedRetention(lake, "processed-transactions", kept.leases(), retention, new RetentionMetrics())
                .run(new RetainedLake.Attempt(message -> {
                    try {
                        if (message.startsWith("deleting")) {
                            kept.model(1, datasets.get("t", 1));
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }));

        assertThat(datasets.versions("t")).containsExactly(1, 3);
        assertThat(kept.rows(1)).isPositive();
    }
}
