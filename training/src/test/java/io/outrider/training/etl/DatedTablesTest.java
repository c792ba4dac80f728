package io.outrider.training.etl;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.port.BlobStore;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.table.TableFileReader;
import io.outrider.lake.table.TableSchema;
import io.outrider.lake.table.TableSchema.Column;
import io.outrider.lake.table.TableSchema.Kind;
import io.outrider.training.dataset.DataFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** However long a history is and however its dates take turns, few files are made, and fewer are open. */
class DatedTablesTest {

    private static final long DAY_MS = 24L * 3_600_000;
    private static final long START = Instant.parse("2018-04-01T00:00:00Z").toEpochMilli();
    private static final int DATES = 40;
    private static final int OPEN_DATES = 3;
    private static final TableSchema SCHEMA = new TableSchema(
            "t",
            "A row.",
            List.of(
                    new Column("number", Kind.INTEGER, "Its number."),
                    new Column("name", Kind.TEXT, "Its name."),
                    new Column("odd", Kind.TRUTH, "Whether its number is odd."),
                    new Column("amount", Kind.REAL, "Its amount.")));

    @TempDir
    private Path folder;

    @TempDir
    private Path disk;

    private final Map<String, List<String>> expected = new TreeMap<>();
    private int mostOnDisk;

    @Test
    void aHistoryInEventOrderMakesOneFileADate() throws IOException {
        List<Integer> dates = new ArrayList<>();
        for (int row = 0; row < DATES * 25; row++) {
            dates.add(row / 25);
        }
        List<DataFile> files = write(dates, 1_000);
        assertThat(files).hasSize(DATES);
        assertThat(mostOnDisk).as("open at once").isEqualTo(OPEN_DATES);
    }

    @Test
    void datesThatTakeTurnsMakeTwoFilesEachAtMost() throws IOException {
        List<Integer> dates = new ArrayList<>();
        for (int row = 0; row < DATES * 25; row++) {
            dates.add(row % DATES);
        }
        List<DataFile> files = write(dates, 1_000);
        assertThat(files).as("those open to the end have one").hasSize(2 * DATES - OPEN_DATES);
        assertThat(files.stream().filter(file -> file.rows() == 24)).hasSize(DATES - OPEN_DATES);
    }

    @Test
    void whatWaitsIsCutIntoFullFilesToo() throws IOException {
        List<Integer> dates = new ArrayList<>(List.of(0, 1, 2, 3));
        for (int row = 0; row < 25; row++) {
            dates.add(0);
        }
        List<DataFile> files = write(dates, 10);
        assertThat(files.stream().filter(file -> file.date().equals("2018-04-01")))
                .extracting(DataFile::rows)
                .containsExactly(1L, 10L, 10L, 5L);
    }

    /** It writes and reads gigabytes of log for a month of events, and takes minutes where seconds are enough. */
    @Test
    void parquetDoesNotLogEveryValueInTests() {
        assertThat(LoggerFactory.getLogger("org.apache.parquet.io.MessageColumnIO")
                        .isDebugEnabled())
                .isFalse();
    }

    private List<DataFile> write(List<Integer> dates, long rowsPerFile) throws IOException {
        BlobStore lake = new FolderBlobStore(folder);
        List<DataFile> files;
        try (DatedTables tables =
                new DatedTables(lake, "t/", 0, SCHEMA, new DatedTables.Limits(rowsPerFile, OPEN_DATES), disk)) {
            for (int row = 0; row < dates.size(); row++) {
                add(tables, row, START + dates.get(row) * DAY_MS);
            }
            files = List.copyOf(tables.finish());
        }
        try (Stream<Path> left = Files.list(disk)) {
            assertThat(left).as("nothing is left behind on disk").isEmpty();
        }
        Map<String, List<String>> read = new HashMap<>();
        for (DataFile file : files) {
            read.computeIfAbsent(file.date(), date -> new ArrayList<>()).addAll(rows(lake, file));
        }
        assertThat(read).as("each date's rows, in the order of the log").isEqualTo(expected);
        return files;
    }

    private void add(DatedTables tables, long number, long timeMs) throws IOException {
        String name = number % 5 == 0 ? null : "Name ü " + number;
        Double amount = number % 7 == 0 ? null : (Double) (number / 3.0);
        tables.add(timeMs, new @Nullable Object[] {number, name, number % 2 == 1}, new double[] {
            amount == null ? Double.NaN : amount
        });
        expected.computeIfAbsent(Instant.ofEpochMilli(timeMs).toString().substring(0, 10), date -> new ArrayList<>())
                .add(Arrays.toString(new @Nullable Object[] {number, name, number % 2 == 1, amount}));
        try (Stream<Path> now = Files.walk(disk)) {
            mostOnDisk = Math.max(mostOnDisk, (int)
                    now.filter(path -> path.toString().endsWith(".parquet")).count());
        }
    }

    private List<String> rows(BlobStore lake, DataFile file) throws IOException {
        Path copy = Files.createTempFile("outrider-dated-", ".parquet");
        List<String> rows = new ArrayList<>();
        try {
            Files.write(copy, lake.get(file.name()).orElseThrow().content());
            try (TableFileReader reader = new TableFileReader(copy)) {
                for (Object[] row = reader.next(); row != null; row = reader.next()) {
                    rows.add(Arrays.toString(row));
                }
            }
        } finally {
            Files.delete(copy);
        }
        return rows;
    }
}
