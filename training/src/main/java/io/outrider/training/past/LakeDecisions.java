package io.outrider.training.past;

import io.outrider.core.erasure.ErasureList;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.core.port.BlobStore;
import io.outrider.core.port.ModelSource;
import io.outrider.core.port.PastDecisions;
import io.outrider.core.port.UnavailableException;
import io.outrider.core.pseudonym.AccountNames;
import io.outrider.lake.capture.CaptureFiles;
import io.outrider.lake.erasure.ErasureFiles;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.Datasets;
import io.outrider.training.dataset.PartitionProgress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Past decisions out of the lake: from the newest dataset, then from captured scored transactions, then from what is captured and in no
 * dataset yet; the first of them that has the transaction answers. Two questions are answered at a time. Thread-safe.
 */
public final class LakeDecisions implements PastDecisions, AutoCloseable {

    private static final int THREADS = 2;
    private static final int WAITING = 50;

    private final Log log;
    private final Datasets datasets;
    private final ErasureFiles erasures;
    private final DatasetDecisions rows;
    private final CapturedDecisions captured;
    private final ThreadPoolExecutor threads;

    /**
     * The log that decisions were made on, and what is known of it.
     *
     * @param topic the transactions topic
     * @param transactions its Capture files
     * @param scored those of the topic of scored transactions, which there may be none of
     * @param dataset the dataset that is made of it
     * @param names under which accounts are known
     * @param patience how long after it was asked a question begins another file
     */
    public record Log(
            String topic,
            int partitions,
            AccountPartitioner partitioner,
            CaptureFiles transactions,
            CaptureFiles scored,
            String dataset,
            AccountNames names,
            Duration patience) {}

    /**
     * Of a lake.
     *
     * @param container container of the datasets
     * @param disk where temporary files may be made
     */
    public LakeDecisions(BlobStore lake, String container, FeaturePlan plan, ModelSource models, Log log, Path disk) {
        this.log = log;
        this.datasets = new Datasets(lake, container);
        this.erasures = new ErasureFiles(lake, log.topic());
        this.rows = new DatasetDecisions(lake, plan, new Deciders(lake, log.topic(), models), disk);
        this.captured = new CapturedDecisions(log.transactions(), log.scored(), plan.schema(), log.names());
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING), task -> {
                    Thread thread = new Thread(task, "outrider-past-decisions");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    @Override
    public CompletionStage<Search> past(String account, String transactionId, @Nullable LocalDate on) {
        try {
            TransactionKey key = new TransactionKey(
                    account,
                    transactionId,
                    on,
                    System.nanoTime() + log.patience().toNanos());
            return CompletableFuture.supplyAsync(() -> search(key), threads);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(
                    new UnavailableException("too many questions about past transactions at once", e));
        }
    }

    private Search search(TransactionKey key) {
        List<Past> found = new ArrayList<>();
        List<String> lookedThrough = new ArrayList<>();
        try {
            Optional<DatasetManifest> dataset = datasets.newest(log.dataset());
            ErasureList list = erasures.list();
            if (dataset.isPresent()) {
                rows.find(dataset.get(), key, found, lookedThrough);
            } else {
                lookedThrough.add("no dataset, as there is none yet");
            }
            if (found.isEmpty()) {
                captured.findScored(key, list, found, lookedThrough);
            }
            if (found.isEmpty()) {
                captured.findLogged(key, progress(dataset, key.account()), list, found, lookedThrough);
            }
        } catch (IOException e) {
            throw new UnavailableException("the lake cannot be read: " + e.getMessage(), e);
        }
        return new Search(found, lookedThrough);
    }

    private PartitionProgress progress(Optional<DatasetManifest> dataset, String account) {
        int partition = log.partitioner().partition(account, log.partitions());
        return dataset.stream()
                .flatMap(manifest -> manifest.progress().stream())
                .filter(at -> at.partition() == partition)
                .findFirst()
                .orElse(PartitionProgress.start(partition));
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
