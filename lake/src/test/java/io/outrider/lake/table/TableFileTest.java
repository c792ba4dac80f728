package io.outrider.lake.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.outrider.lake.table.TableSchema.Column;
import io.outrider.lake.table.TableSchema.Kind;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Read back by ourselves, and by DuckDB, which knows nothing of us. */
class TableFileTest {

    private static final long TIME = Instant.parse("2026-03-04T05:06:07.089Z").toEpochMilli();
    private static final TableSchema SCHEMA = new TableSchema(
            "example",
            "An example.",
            List.of(
                    new Column("account", Kind.TEXT, "The account."),
                    new Column("number", Kind.INTEGER, "Its number."),
                    new Column("amount", Kind.REAL, "An amount."),
                    new Column("fraud", Kind.TRUTH, "Whether it was fraud."),
                    new Column("event_time", Kind.TIME, "When.")));
    private static final int ROWS = 20_000;

    @TempDir
    Path folder;

    @Test
    void rowsComeBackAsTheyWere() throws IOException {
        Path file = write("a.parquet");

        List<Object[]> rows = new ArrayList<>();
        try (TableFileReader reader = new TableFileReader(file)) {
            for (Object[] row = reader.next(); row != null; row = reader.next()) {
                rows.add(row);
            }
        }
        assertThat(rows).hasSize(ROWS);
        for (int i = 0; i < ROWS; i++) {
            assertThat(rows.get(i)).as("row " + i).isEqualTo(row(i));
        }
    }

    @Test
    void batchesHaveWhatTheRowsHave() throws IOException {
        Path file = write("g.parquet");

        int row = 0;
        try (TableBatches batches = new TableBatches(file, name -> !name.equals("event_time"))) {
            for (TableBatch batch = batches.next(); batch != null; batch = batches.next()) {
                assertThat(batch.column("event_time")).isEmpty();
                TableColumn account = batch.column("account").orElseThrow();
                TableColumn number = batch.column("number").orElseThrow();
                TableColumn amount = batch.column("amount").orElseThrow();
                TableColumn fraud = batch.column("fraud").orElseThrow();
                assertThatThrownBy(() -> amount.whole(0)).hasMessage("a row without amount");
                for (int i = 0; i < batch.rows(); i++, row++) {
                    Object[] expected = row(row);
                    assertThat(account.text(i)).isEqualTo(expected[0]);
                    assertThat(number.whole(i)).isEqualTo(expected[1]);
                    assertThat(amount.real(i)).isEqualTo(expected[2] == null ? Double.NaN : expected[2]);
                    assertThat(fraud.truth(i)).isEqualTo(expected[3]);
                    assertThat(number.text(i)).as("no text").isNull();
                }
            }
        }
        assertThat(row).isEqualTo(ROWS);
    }

    @Test
    void anotherEngineReadsThem() throws IOException, SQLException {
        Path file = write("b.parquet");

        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                ResultSet found = duckdb.createStatement()
                        .executeQuery("select count(*), count(amount), sum(number), count(fraud), max(account),"
                                + " epoch_ms(max(event_time)), sum(case when isnan(amount) then 1 else 0 end)"
                                + " from read_parquet('" + file + "')")) {
            assertThat(found.next()).isTrue();
            assertThat(found.getLong(1)).isEqualTo(ROWS);
            assertThat(found.getLong(2)).as("a tenth is null").isEqualTo(ROWS - ROWS / 10);
            assertThat(found.getLong(3)).isEqualTo((long) ROWS * (ROWS - 1) / 2);
            assertThat(found.getLong(4)).isEqualTo(ROWS - ROWS / 3 - 1);
            assertThat(found.getString(5)).isEqualTo("account-ü-9");
            assertThat(found.getLong(6)).isEqualTo(TIME + ROWS - 1);
            assertThat(found.getLong(7)).as("NaN is not null").isEqualTo(ROWS / 10);
        }
    }

    @Test
    void theSameRowsGiveTheSameBytes() throws IOException {
        assertThat(write("c.parquet")).hasSameBinaryContentAs(write("d.parquet"));
    }

    @Test
    void lastColumnsMayComeAsNumbers() throws IOException {
        TableSchema schema = new TableSchema(
                "example",
                "An example.",
                List.of(
                        new Column("account", Kind.TEXT, "The account."),
                        new Column("amount", Kind.REAL, "An amount."),
                        new Column("other", Kind.REAL, "Another.")));
        Path objects = folder.resolve("h.parquet");
        Path numbers = folder.resolve("i.parquet");
        try (TableFileWriter one = new TableFileWriter(objects, schema);
                TableFileWriter other = new TableFileWriter(numbers, schema)) {
            for (int i = 0; i < 100; i++) {
                String account = i % 3 == 0 ? null : "a" + i;
                one.add(new Object[] {account, i % 4 == 0 ? null : (Double) (i / 7.0), -0.0});
                other.add(new Object[] {account}, new double[] {i % 4 == 0 ? Double.NaN : i / 7.0, -0.0});
            }
        }
        assertThat(numbers).as("NaN is none").hasSameBinaryContentAs(objects);
    }

    /** What is allocated while the live path decides beside it makes its collections. */
    @Test
    void aRowOfNumbersTakesLittleMoreMemoryThanTheNumbers() throws IOException {
        int columns = 60;
        int rows = 5_000;
        List<Column> reals = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            reals.add(new Column("c" + i, Kind.REAL, "A number."));
        }
        SplittableRandom random = new SplittableRandom(1);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        try (TableFileWriter writer =
                new TableFileWriter(folder.resolve("j.parquet"), new TableSchema("t", "A row.", reals))) {
            double[] numbers = new double[columns];
            for (int row = 0; row < rows; row++) {
                for (int i = 0; i < columns; i++) {
                    numbers[i] = random.nextDouble();
                }
                writer.add(new Object[0], numbers);
            }
        }
        long bytes = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertThat(bytes / ((double) rows * columns)).as("bytes a number").isLessThan(50);
    }

    @Test
    void aFileThatIsThereIsLeftAloneAndARowMustFit() throws IOException {
        Path file = write("e.parquet");
        assertThatThrownBy(() -> new TableFileWriter(file, SCHEMA).close()).isInstanceOf(IOException.class);

        try (TableFileWriter writer = new TableFileWriter(folder.resolve("f.parquet"), SCHEMA)) {
            assertThatThrownBy(() -> writer.add(new Object[] {"a"})).hasMessageContaining("1 values for 5 columns");
        }
    }

    private Path write(String name) throws IOException {
        Path file = folder.resolve(name);
        try (TableFileWriter writer = new TableFileWriter(file, SCHEMA)) {
            for (int i = 0; i < ROWS; i++) {
                writer.add(row(i));
            }
            assertThat(writer.rows()).isEqualTo(ROWS);
        }
        assertThat(Files.size(file)).isLessThan(40L * ROWS);
        return file;
    }

    private static Object[] row(int i) {
        Double amount = i % 10 == 0 ? null : i % 10 == 1 ? Double.NaN : (Double) (i / 7.0);
        return new Object[] {"account-ü-" + i % 10, (long) i, amount, i % 3 == 0 ? null : i % 3 == 1, TIME + i};
    }
}
