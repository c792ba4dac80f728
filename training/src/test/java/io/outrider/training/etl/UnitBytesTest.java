package io.outrider.training.etl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.capture.CaptureFiles;
import io.outrider.lake.checkpoint.AccountFiles;
import io.outrider.training.dataset.DataFile;
import io.outrider.training.dataset.DatasetJson;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.PartitionProgress;
import io.outrider.training.dataset.QualityGate;
import io.outrider.training.fit.Progress;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes whose units have the same name make the same bytes, whichever program of the same code version they run. */
class UnitBytesTest {

    private static final FeaturePlan PLAN = FeaturePlan.compile(ConfigFactory.parseResources("plans/unit-bytes.conf"));

    @TempDir
    private Path folder;

    @TempDir
    private Path disk;

    @Test
    void aCodeVersionMakesTheBytesThatItAlwaysMade() throws Exception {
        BlobStore lake = new FolderBlobStore(folder);
        RawLog log = new RawLog(lake, 300);
        log.add(1, RawLog.START, "{\"user_id\":1".getBytes(UTF_8));
        log.write(0, 1, 1);
        CaptureFiles labels = new CaptureFiles(lake, "raw-transactions", "outrider", "labels");
        EtlRequest request = new EtlRequest(
                "t",
                log.files(),
                RawLog.PARTITIONS,
                "murmur2",
                PLAN,
                Optional.empty(),
                false,
                new EtlRisk.InForce("transactions", labels, false),
                disk);
        EtlSettings settings = new EtlSettings("processed-transactions", 50, 2, 1, new QualityGate(1, 0.01, 0.5, 0, 0));
        DatasetManifest version = new EtlJob(lake, settings, request, Clock.systemUTC())
                .run(Progress.NONE)
                .orElseThrow();

        MessageDigest made = MessageDigest.getInstance("SHA-256");
        for (DataFile file : version.files()) {
            made.update(file.name().substring(file.name().indexOf("event_date")).getBytes(UTF_8));
            made.update(lake.get(file.name()).orElseThrow().content());
        }
        for (PartitionProgress progress : version.progress()) {
            AccountFiles.load(lake, progress.states(), PLAN.fingerprint(), "the manifest", (account, state) -> {
                made.update(account.getBytes(UTF_8));
                made.update(state);
            });
        }
        made.update(DatasetJson.write(version.added()));
        assertThat(PartitionUnit.CODE_VERSION + " " + HexFormat.of().formatHex(made.digest()))
                .as("code version and what it makes: where the second changes, so must the first, then both here")
                .isEqualTo("2 08fe6b015959f3d143342e8d8d6f59f6df751d3c87f9f69fcc877af80bb418d8");
    }
}
