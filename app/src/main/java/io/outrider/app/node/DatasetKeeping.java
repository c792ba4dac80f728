package io.outrider.app.node;

import io.outrider.core.port.BlobStore;
import io.outrider.detection.batch.BatchTask;
import io.outrider.training.dataset.DatasetErasure;
import io.outrider.training.etl.EtlSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks from time to time whether datasets are to be rid of something, on one node of the cluster at a time. */
final class DatasetKeeping {

    private static final Logger LOG = LoggerFactory.getLogger(DatasetKeeping.class);
    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private DatasetKeeping() {}

    /** Lets this node take its part. Call on every node. */
    static void join(ActorSystem<?> system, NodeParts parts, BlobStore lake, String topic) {
        String container = EtlSettings.from(parts.config()).container();
        String disk = parts.config().getString("outrider.supervisor.disk");
        Path scratch = Path.of(disk.isBlank() ? System.getProperty("java.io.tmpdir") : disk);
        BatchTask.singleton(system, Role.BATCH.wireName(), "dataset-keeping", () -> {
            DatasetErasure erasure = new DatasetErasure(lake, container, topic, scratch, parts.clock());
            ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread made = new Thread(task, "outrider-dataset-keeping");
                made.setDaemon(true);
                return made;
            });
            var unused = thread.scheduleWithFixedDelay(
                    () -> look(erasure), LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
            return thread::shutdownNow;
        });
    }

    private static void look(DatasetErasure erasure) {
        try {
            int done = erasure.run(PATIENCE);
            if (done > 0) {
                LOG.info("{} erasures are done in all datasets", done);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("Datasets could not be rid of erased accounts, trying again: {}", e.getMessage());
        }
    }
}
