package io.outrider.training.etl;

import io.outrider.core.event.Label;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.table.TableFileWriter;
import io.outrider.training.dataset.DataFile;
import io.outrider.training.dataset.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Labels of a made-up dataset, as ETL writes them. */
public final class MadeLabels {

    private MadeLabels() {}

    /** Puts them into one file. */
    public static DataFile put(BlobStore lake, Path disk, List<Label> labels) throws IOException {
        Path file = disk.resolve("labels.parquet");
        try (TableFileWriter writer = new TableFileWriter(file, LabelTable.SCHEMA)) {
            for (int i = 0; i < labels.size(); i++) {
                writer.add(LabelTable.row(0, i, labels.get(i)));
            }
        }
        byte[] content = Files.readAllBytes(file);
        String name = "processed-transactions/transactions/labels/made/part-0.parquet";
        lake.put(name, content);
        return new DataFile(name, "2026-03-01", 0, labels.size(), content.length, StoredFile.sha256(content));
    }
}
