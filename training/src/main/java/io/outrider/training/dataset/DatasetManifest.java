package io.outrider.training.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One version of a dataset, as JSON in the lake. What it does not name is not part of the dataset, whatever else lies beside.
 *
 * @param format version of this format, {@value #FORMAT}
 * @param dataset the dataset's name
 * @param version the version's number, from 1; each goes on where the one before it ended
 * @param createdAt when it was published, ISO-8601, UTC
 * @param origin what it is of
 * @param progress how far each partition of the log is read
 * @param captured Capture files read for this version
 * @param files all its files, those of earlier versions included
 * @param labels labels of its events, from the labels topic
 * @param ledger what is known of merchants at its end, for the next version to go on from, where labels are declared; null
 *     where the tables in force tell it
 * @param added quality report of what this version added; where that is nothing, since retention made it, of the one before
 * @param total quality report of the whole
 * @param gate whether the whole may train
 */
public record DatasetManifest(
        int format,
        String dataset,
        int version,
        String createdAt,
        DatasetOrigin origin,
        List<PartitionProgress> progress,
        List<CapturedInput> captured,
        List<DataFile> files,
        LabelShare labels,
        @Nullable StoredFile ledger,
        Quality added,
        Quality total,
        QualityGate.Verdict gate) {

    public static final int FORMAT = 2;

    public DatasetManifest {
        progress = List.copyOf(progress);
        captured = List.copyOf(captured);
        files = List.copyOf(files);
    }

    private record Format(int format) {}

    /** Earlier programs did not say under which names accounts stand: there were only their ids. */
    private static byte[] withPseudonyms(String name, byte[] json) throws IOException {
        JsonNode manifest = DatasetJson.read(name, json, JsonNode.class);
        if (!(manifest.path("origin") instanceof ObjectNode origin) || origin.has("pseudonyms")) {
            return json;
        }
        origin.put("pseudonyms", "");
        return DatasetJson.write(manifest);
    }

    /** The same with other files, as an erasure leaves them. What the quality reports say of rows stays as it was. */
    DatasetManifest with(
            List<DataFile> newFiles,
            List<DataFile> labelFiles,
            List<PartitionProgress> newProgress,
            @Nullable StoredFile newLedger) {
        long count = labelFiles.stream().mapToLong(DataFile::rows).sum();
        LabelShare share = labelFiles.equals(labels.files())
                ? labels
                : new LabelShare(labels.generation(), labels.progress(), labelFiles, count, labels.bad());
        return new DatasetManifest(
                format,
                dataset,
                version,
                createdAt,
                origin,
                newProgress,
                captured,
                newFiles,
                share,
                newLedger,
                added,
                total,
                gate);
    }

    /**
     * The next version, which has no event dates before one any more, nor labels of them; quality reports stay as they were, that of
     * what was added included: it is of the last version that ETL made, and who looks at the newest wants to see how that was.
     *
     * @param date ISO-8601
     * @param at when it is published, ISO-8601, UTC
     */
    public DatasetManifest since(String date, String at) {
        List<DataFile> labelFiles = since(date, labels.files());
        return new DatasetManifest(
                format,
                dataset,
                version + 1,
                at,
                origin,
                progress,
                List.of(),
                since(date, files),
                new LabelShare(
                        labels.generation(),
                        labels.progress(),
                        labelFiles,
                        labelFiles.stream().mapToLong(DataFile::rows).sum(),
                        labels.bad()),
                ledger,
                added,
                total,
                gate);
    }

    /** Append time of the newest record of events or labels that is in it, milliseconds since the epoch; 0 where none is. */
    public long newestAppendMs() {
        return Stream.concat(progress.stream(), labels.progress().stream())
                .mapToLong(PartitionProgress::newestAppendMs)
                .max()
                .orElse(0);
    }

    /** Event dates that have rows, ascending. */
    public List<LocalDate> dates() {
        return files.stream()
                .map(file -> LocalDate.parse(file.date()))
                .distinct()
                .sorted()
                .toList();
    }

    /** Rows of event dates before one. */
    public long rowsBefore(String date) {
        return files.stream()
                .filter(file -> file.date().compareTo(date) < 0)
                .mapToLong(DataFile::rows)
                .sum();
    }

    private static List<DataFile> since(String date, List<DataFile> from) {
        return from.stream().filter(file -> file.date().compareTo(date) >= 0).toList();
    }

    /** Names of all files that it names. */
    public Set<String> fileNames() {
        Set<String> names = new HashSet<>();
        files.forEach(file -> names.add(file.name()));
        labels.files().forEach(file -> names.add(file.name()));
        progress.forEach(at -> at.states().forEach(file -> names.add(file.name())));
        if (ledger != null) {
            names.add(ledger.name());
        }
        return names;
    }

    /** The manifest as it stands in the lake. */
    public byte[] toJson() {
        return DatasetJson.write(this);
    }

    /** Reads a manifest; {@code name} is the blob's, for the error. */
    static DatasetManifest fromJson(String name, byte[] json) throws IOException {
        int format = DatasetJson.read(name, json, Format.class).format();
        if (format != FORMAT) {
            throw new IOException(name + " has format version " + format + ", this program reads version " + FORMAT);
        }
        return DatasetJson.read(name, withPseudonyms(name, json), DatasetManifest.class);
    }
}
