package io.outrider.training.etl;

import io.outrider.core.event.EventSchema;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionDecoder;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.feature.FeatureState;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.capture.CaptureFiles;
import io.outrider.lake.capture.CapturedEvent;
import io.outrider.lake.risk.RiskFiles;
import io.outrider.lake.table.TableFileReader;
import io.outrider.training.dataset.DataFile;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.QualityGate;
import io.outrider.training.fit.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** A captured log of 300 records, its labels and merchant-risk tables, and ETL over them, with the rows that it must make. */
final class RiskWorld {

    static final FeaturePlan PLAN = FeaturePlan.named("transactions");
    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-04-02T00:00:00Z"), ZoneOffset.UTC);
    static final Duration WEEK = Duration.ofDays(7);

    private static final EtlSettings SETTINGS =
            new EtlSettings("processed-transactions", 1_000, 30, 1, new QualityGate(1, 0.01, 0.5, 0, 0));

    final BlobStore lake;
    final RawLog log;
    final CaptureFiles labels;
    final RiskFiles tables;
    private final Path folder;
    private final Path disk;

    /**
     * An empty lake.
     *
     * @param folder that is the lake
     * @param disk for temporary files
     */
    RiskWorld(Path folder, Path disk) throws IOException {
        this.folder = folder;
        this.disk = disk;
        lake = new FolderBlobStore(folder);
        log = new RawLog(lake, 300);
        labels = new CaptureFiles(lake, "raw-transactions", "outrider", "labels");
        tables = new RiskFiles(lake, "transactions");
    }

    EtlRisk inForce(boolean acceptMissing) {
        return new EtlRisk.InForce("transactions", labels, acceptMissing);
    }

    Optional<DatasetManifest> run(EtlRisk risk) throws IOException {
        return job(risk).run(Progress.NONE);
    }

    EtlJob job(EtlRisk risk) {
        EtlRequest request = new EtlRequest(
                "t", log.files(), RawLog.PARTITIONS, "murmur2", PLAN, Optional.empty(), false, risk, disk);
        return new EtlJob(lake, SETTINGS, request, CLOCK);
    }

    static FeatureState state(Map<String, FeatureState> states, Transaction event) {
        return states.computeIfAbsent(event.account(), account -> PLAN.newState());
    }

    Transaction event(int partition, int offset) {
        CapturedEvent event = log.at(partition, offset);
        byte[] body = Objects.requireNonNull(event.body());
        return (Transaction) new TransactionDecoder(EventSchema.TRANSACTIONS).decode(body, event.enqueuedTimeMs());
    }

    Map<String, String> rows(DatasetManifest version) throws IOException {
        EventTable table = new EventTable(PLAN);
        Map<String, String> rows = new TreeMap<>();
        for (DataFile file : version.files()) {
            try (TableFileReader reader = new TableFileReader(folder.resolve(file.name()))) {
                for (Object[] row = reader.next(); row != null; row = reader.next()) {
                    rows.put(row[0] + "/" + row[1], Arrays.toString(table.vector(row)));
                }
            }
        }
        return rows;
    }
}
