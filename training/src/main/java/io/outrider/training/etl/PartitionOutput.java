package io.outrider.training.etl;

import io.outrider.core.event.Transaction;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.checkpoint.AccountFiles;
import io.outrider.lake.checkpoint.AccountStream;
import io.outrider.lake.checkpoint.CheckpointFile;
import io.outrider.training.dataset.PartitionProgress;
import io.outrider.training.dataset.Quality;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What a partition's replay puts into the lake: rows, then states, with the quality report of the rows. For one thread. */
public final class PartitionOutput implements AutoCloseable {

    private final BlobStore lake;
    private final EventTable table;
    private final PartitionWork work;
    private final String folder;
    private final DatedTables rows;
    private final QualityCount quality;
    private final double[] numbers;

    /**
     * Nothing yet.
     *
     * @param folder where it goes, slash included
     * @param rows where rows go; closed with this
     */
    PartitionOutput(BlobStore lake, EventTable table, PartitionWork work, String folder, DatedTables rows) {
        this.lake = lake;
        this.table = table;
        this.work = work;
        this.folder = folder;
        this.rows = rows;
        List<String> columns = table.numberColumns();
        this.quality = new QualityCount(columns);
        this.numbers = new double[columns.size()];
    }

    /** How a row came about. */
    public record Made(long sequenceNumber, long appendMs, RiskKnown known, boolean late) {}

    /** Adds a row, in the order of the log. */
    public void add(Made made, Transaction event, double[] vector) throws IOException {
        table.numbers(made.appendMs(), event, vector, numbers);
        quality.row(numbers, made.late());
        if (made.known().stale()) {
            quality.staleRisk();
        }
        EventTable.Origin origin = new EventTable.Origin(
                work.from().partition(),
                made.sequenceNumber(),
                made.appendMs(),
                made.known().version());
        rows.add(event.eventTimeMs(), table.row(origin, event), vector);
    }

    /** Puts what is left into the lake. */
    PartitionResult finish(PartitionIntake.Report intake, String planFingerprint, AccountStream states)
            throws IOException {
        List<CheckpointFile> files =
                AccountFiles.write(lake, number -> folder + "states-" + number + ".avro", planFingerprint, states);
        PartitionProgress progress = new PartitionProgress(
                work.from().partition(),
                intake.position(),
                intake.newestAppendMs(),
                work.names().get(work.names().size() - 1).path(),
                files);
        Quality read = new Quality(0, intake.bad(), intake.repeated(), intake.missing(), 0, 0, Map.of());
        return new PartitionResult(progress, intake.captured(), rows.finish(), read.plus(quality.report()));
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
