package io.outrider.training.etl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.outrider.core.port.BlobStore;
import io.outrider.core.telemetry.RetentionMetrics;
import io.outrider.lake.capture.CaptureFileBuilder;
import io.outrider.lake.capture.CaptureFiles;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.model.StageFile;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.job.JobResult;
import io.outrider.training.retention.Expired;
import io.outrider.training.retention.HeldBack;
import io.outrider.training.retention.Retention;
import io.outrider.training.retention.RetentionSettings;
import io.outrider.training.retention.SupervisedRetention;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is older than it is kept goes, and what something refers to or has not read stays. */
class RetentionTest {

    @TempDir
    private Path folder;

    @TempDir
    private Path disk;

    private RetainedLake kept;
    private BlobStore lake;
    private RawLog log;

    @BeforeEach
    void open() throws IOException {
        kept = new RetainedLake(folder, disk);
        lake = kept.lake;
        log = kept.log;
    }

    @Test
    void nothingGoesWhereEverythingIsKeptForEverNorWhatIsYoung() throws Exception {
        kept.versions();
        kept.model(1, null);
        assertThat(kept.retention(
                                RetainedLake.settings(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO),
                                RetainedLake.LATER)
                        .expired())
                .isEmpty();
        assertThat(kept.retention(
                                RetainedLake.settings(
                                        Duration.ZERO, RetainedLake.KEPT, RetainedLake.KEPT, RetainedLake.KEPT),
                                Clock.systemUTC())
                        .expired())
                .isEmpty();
        assertThatThrownBy(
                        () -> RetainedLake.settings(Duration.ZERO, Duration.ofHours(5), Duration.ZERO, Duration.ZERO))
                .hasMessageContaining("outrider.retention.datasets");
        assertThatThrownBy(() -> RetainedLake.unread(Duration.ZERO, RetainedLake.KEPT))
                .hasMessageContaining("outrider.retention.unread")
                .hasMessageContaining("without outrider.retention.raw");
        assertThatThrownBy(() -> RetainedLake.unread(RetainedLake.KEPT, RetainedLake.KEPT.minusDays(1)))
                .hasMessageContaining("outrider.retention.unread: must be as long as outrider.retention.raw, PT720H");
    }

    @Test
    void modelsInForceNamedByACheckpointOrNewestStay() throws Exception {
        kept.model(1, null);
        new StageFile(lake, "p").readOrBegin(new ModelFiles(lake, "p"), Clock.systemUTC());
        String named = kept.model(2, null);
        lake.put(
                "checkpoints/transactions/0/manifest.json",
                ("{\"context\":{\"modelVersion\":\"" + named + "\"}}").getBytes(StandardCharsets.UTF_8));
        String unused = kept.model(3, null);
        kept.model(4, null);

        assertThat(kept.retention(
                                RetainedLake.settings(Duration.ZERO, Duration.ZERO, RetainedLake.KEPT, Duration.ZERO),
                                RetainedLake.LATER)
                        .expired())
                .extracting(Expired::name)
                .containsExactly("models/p/" + unused + "/manifest.json", "models/p/" + unused + "/model.onnx");
    }

    @Test
    void whatAModelThatStaysWasComparedWithStaysAndWhatThatWasComparedWithGoes() throws Exception {
        kept.versions();
        DatasetManifest on = kept.datasets.newest("t").orElseThrow();
        String grandparent = kept.model(1, on);
        String parent = kept.model(2, on, List.of(grandparent));
        String newest = kept.model(3, on, List.of(parent));
        assertThat(kept.retention(
                                RetainedLake.settings(Duration.ZERO, Duration.ZERO, RetainedLake.KEPT, Duration.ZERO),
                                RetainedLake.LATER)
                        .expired())
                .extracting(Expired::name)
                .allSatisfy(name -> assertThat(name).startsWith("models/p/" + grandparent + "/"))
                .isNotEmpty();
        assertThat(newest).isNotEqualTo(parent);
    }

    @Test
    void rawFilesGoOnceTheyAreReadAndAPartitionsLastOneStays() throws Exception {
        log.write(0, 0.2, 1);
        log.write(0.2, 0.4, 2);
        kept.etl();
        log.write(0.4, 0.7, 3);
        log.write(0.7, 1, 4);
        CaptureFiles alerts = new CaptureFiles(lake, "raw-transactions", "outrider", "alerts");
        for (int minute = 1; minute <= 2; minute++) {
            CaptureFileBuilder file = new CaptureFileBuilder("g", 0);
            file.add(log.at(0, 0));
            assertThat(alerts.create(
                            alerts.name(0, Instant.parse("2026-04-01T00:00:00Z").plusSeconds(60L * minute)),
                            file.finish()))
                    .isTrue();
        }
        RetentionSettings settings =
                RetainedLake.settings(RetainedLake.KEPT, Duration.ZERO, Duration.ZERO, Duration.ZERO);
        Clock june = Clock.fixed(Instant.parse("2026-06-01T00:00:00Z"), ZoneOffset.UTC);
        List<String> names = new ArrayList<>(List.of("outrider/alerts/0/2026/04/01/00/01/00.avro"));
        for (int partition = 0; partition < RawLog.PARTITIONS; partition++) {
            for (int minute = 1; minute <= 2; minute++) {
                names.add("outrider/transactions/" + partition + "/2026/04/01/00/0" + minute + "/00.avro");
            }
        }

        assertThat(kept.retention(settings, june).expired())
                .extracting(Expired::name)
                .containsExactlyElementsOf(
                        names.stream().map(name -> "raw-transactions/" + name).toList());
    }

    @Test
    void whatNodesCountIsNoModelAndNoPlanGoes() throws Exception {
        kept.model(1, null);
        lake.put("models/p/plans/0123.conf", new byte[] {'{', '}'});
        lake.put("models/p/live/node-1.json", new byte[] {'{', '}'});

        assertThat(kept.retention(
                                RetainedLake.settings(Duration.ZERO, Duration.ZERO, RetainedLake.KEPT, Duration.ZERO),
                                RetainedLake.LATER)
                        .expired())
                .isEmpty();
    }

    @Test
    void rawFilesWaitForADatasetThatIsNotThereOrNotExtendedUnlessTheyMayGoUnread() throws Exception {
        log.write(0, 0.3, 1);
        log.write(0.3, 0.6, 2);
        Clock june = Clock.fixed(Instant.parse("2026-06-01T00:00:00Z"), ZoneOffset.UTC);
        Retention waiting = kept.retention(
                RetainedLake.settings(RetainedLake.KEPT, Duration.ZERO, Duration.ZERO, Duration.ZERO), june);
        assertThat(waiting.expired()).as("no dataset").isEmpty();
        assertThat(waiting.heldBack())
                .extracting(HeldBack::log, HeldBack::files, HeldBack::datasets)
                .containsExactly(tuple("outrider/transactions", (long) RawLog.PARTITIONS, Set.of()));

        kept.etl(); // never again
        log.write(0.6, 0.8, 3);
        log.write(0.8, 1, 4);
        assertThat(waiting.expired()).hasSize(2 * RawLog.PARTITIONS);
        assertThat(waiting.heldBack())
                .extracting(HeldBack::files, HeldBack::datasets)
                .containsExactly(tuple((long) RawLog.PARTITIONS, Set.of("t")));

        Retention unread = kept.retention(RetainedLake.unread(RetainedLake.KEPT, RetainedLake.KEPT), june);
        assertThat(unread.expired())
                .hasSize(3 * RawLog.PARTITIONS)
                .filteredOn(one -> one.what().equals("unread"))
                .hasSize(RawLog.PARTITIONS)
                .allMatch(one -> one.name().endsWith("00/03/00.avro"));
        assertThat(unread.heldBack()).isEmpty();
    }

    @Test
    void whatWebhooksDidNotTakeGoesWithItsTimeAndIsCounted() throws Exception {
        String dead = "alerts/transactions/webhooks/cases/dead/g-0-1.json";
        lake.put(dead, new byte[] {'{', '}'});
        lake.put("alerts/transactions/webhooks/cases.json", new byte[] {'{', '}'});
        RetentionMetrics metrics = new RetentionMetrics();
        Retention retention = kept.retention(
                RetainedLake.settings(Duration.ZERO, Duration.ZERO, Duration.ZERO, RetainedLake.KEPT),
                RetainedLake.LATER);

        JobResult result = new SupervisedRetention(lake, "processed-transactions", kept.leases(), retention, metrics)
                .run(new RetainedLake.Attempt());

        assertThat(result.results()).containsEntry("undelivered", "1").containsEntry("bytes", "2");
        assertThat(metrics.files()).isEqualTo(Map.of("undelivered", 1L));
        assertThat(metrics.bytes()).isEqualTo(Map.of("undelivered", 2L));
        assertThat(lake.list("alerts/"))
                .extracting(BlobStore.Entry::name)
                .containsExactly("alerts/transactions/webhooks/cases.json");
    }
}
