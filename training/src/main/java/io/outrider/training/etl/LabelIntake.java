package io.outrider.training.etl;

import io.outrider.core.erasure.ErasureList;
import io.outrider.core.event.Erasure;
import io.outrider.core.event.Label;
import io.outrider.core.event.LabelDecoder;
import io.outrider.core.event.LabelEncoder;
import io.outrider.core.event.LabelReading;
import io.outrider.core.event.LabelResult;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Rejection;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.capture.CaptureFileName;
import io.outrider.lake.capture.CaptureFiles;
import io.outrider.lake.capture.CaptureReader;
import io.outrider.lake.capture.CapturedEvent;
import io.outrider.lake.capture.CapturedLog;
import io.outrider.training.dataset.DataFile;
import io.outrider.training.dataset.LabelShare;
import io.outrider.training.dataset.PartitionProgress;
import io.outrider.training.dataset.StoredFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes tables of the labels that were captured since a dataset's last version. For one thread. */
final class LabelIntake {

    private final BlobStore lake;
    private final CaptureFiles files;
    private final LabelReading reading;
    private final DatedTables.Limits limits;
    private final Path disk;
    private final ErasureList erasures;

    /**
     * Of a labels topic.
     *
     * @param reading how labels are understood
     * @param disk where temporary files may be made
     * @param erasures what is left out
     */
    LabelIntake(
            BlobStore lake,
            CaptureFiles files,
            LabelReading reading,
            DatedTables.Limits limits,
            Path disk,
            ErasureList erasures) {
        this.erasures = erasures;
        this.lake = lake;
        this.files = files;
        this.reading = reading;
        this.limits = limits;
        this.disk = disk;
    }

    /** What a part of the topic gave, while it is read. */
    private static final class Taken {
        private final List<DataFile> tables;
        private final Map<String, Long> bad;
        private long count;

        Taken(LabelShare before) {
            this.tables = new ArrayList<>(before.files());
            this.bad = new TreeMap<>(before.bad());
            this.count = before.count();
        }
    }

    /**
     * The labels with those that have come since; the same if none has.
     *
     * @param folder where tables go, slash included
     */
    LabelShare since(LabelShare before, String folder) throws IOException {
        Map<Integer, PartitionProgress> positions = new TreeMap<>();
        for (int partition : files.partitions()) {
            positions.put(partition, PartitionProgress.start(partition));
        }
        before.progress().forEach(at -> positions.put(at.partition(), at));
        Taken taken = new Taken(before);
        String generation = before.generation();
        for (PartitionProgress from : List.copyOf(positions.values())) {
            List<CaptureFileName> names = files.list(from.partition()).stream()
                    .filter(name -> name.path().compareTo(from.lastFile()) > 0)
                    .toList();
            if (!names.isEmpty()) {
                generation = generation.isEmpty() ? generation(names.get(0)) : generation;
                positions.put(from.partition(), read(new PartitionWork(from, names), generation, folder, taken));
            }
        }
        return new LabelShare(generation, List.copyOf(positions.values()), taken.tables, taken.count, taken.bad);
    }

    private String generation(CaptureFileName name) throws IOException {
        try (CaptureReader reader = files.open(name)) {
            return reader.generation().orElse("");
        }
    }

    private PartitionProgress read(PartitionWork work, String generation, String folder, Taken into)
            throws IOException {
        PartitionProgress from = work.from();
        LabelDecoder decoder = reading.decoder();
        CapturedLog.Start start = new CapturedLog.Start(from.nextSequenceNumber(), from.newestAppendMs());
        String unit = folder
                + StoredFile.sha256((generation + work + ReplayScope.ids(erasures)).getBytes(StandardCharsets.UTF_8))
                        .substring(0, 16)
                + "/";
        long newestMs = from.newestAppendMs();
        try (CapturedLog log = new CapturedLog(files, work.names(), generation, start, true);
                DatedTables tables = new DatedTables(lake, unit, from.partition(), LabelTable.SCHEMA, limits, disk)) {
            for (CapturedEvent event = log.next(); event != null; event = log.next()) {
                byte[] body = event.body();
                LabelResult result = decoder.decode(body == null ? new byte[0] : body, event.enqueuedTimeMs());
                newestMs = event.enqueuedTimeMs();
                Erasure erasure = result instanceof Label ? null : Erasure.read(body, LabelEncoder.ACCOUNT);
                if (erasure != null) {
                    continue; // what it erases is left out below
                }
                if (result instanceof Rejection rejection) {
                    into.bad.merge(rejection.reason().wireName(), 1L, Long::sum);
                } else if (result instanceof Label label
                        && !erasures.coversLabel(
                                label.account(),
                                new LogPosition(generation, from.partition(), event.sequenceNumber()))) {
                    tables.add(label.eventTimeMs(), LabelTable.row(from.partition(), event.sequenceNumber(), label));
                    into.count++;
                }
            }
            if (!log.passedOver().isEmpty()) {
                throw new IOException(log.passedOver().get(0).path()
                        + " is of another generation of the labels topic than " + generation
                        + ": it was recreated; give another name to begin another dataset");
            }
            into.tables.addAll(tables.finish());
            String last = work.names().get(work.names().size() - 1).path();
            return new PartitionProgress(from.partition(), log.position(), newestMs, last, List.of());
        }
    }
}
