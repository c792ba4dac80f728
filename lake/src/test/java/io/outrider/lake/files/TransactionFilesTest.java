package io.outrider.lake.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.event.EventSchema;
import io.outrider.core.event.Transaction;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransactionFilesTest {

    private static final String HEADER =
            "transaction_id,user_id,amount,timestamp,merchant_id,is_fraud,fraud_scenario\n";

    @TempDir
    private Path directory;

    @Test
    void readsCsvByHeaderNamesInAnyOrderAndCase() throws IOException {
        Path file = write("a.csv", """
                Amount,colour,USER_ID,timestamp,transaction_id,is_fraud
                12.50,red,007,2018-04-01T00:00:31Z,1,TRUE
                """);

        FileEvent event = events(file).get(0);

        assertThat(event.transaction())
                .isEqualTo(new Transaction("1", "007", 12.5, 1522540831000L, null, null, null, null, true));
        assertThat(event.fraudScenario()).isEqualTo(-1);
    }

    @Test
    void aCsvRowBecomesTheJsonOfItsNonEmptyCells() throws IOException {
        Path file = write("a.csv", """
                transaction_id,user_id,amount,timestamp,merchant_id,note,score
                1,2,3.50,2018-04-01T00:00:31Z,,"says ""hi"",
                then \\leaves",007\r
                """);

        try (RowReader rows = TransactionFiles.rows(List.of(file), EventSchema.TRANSACTIONS)) {
            assertThat(new String(rows.next().json(), StandardCharsets.UTF_8))
                    .isEqualTo("{\"transaction_id\":\"1\",\"user_id\":\"2\",\"amount\":3.50,"
                            + "\"timestamp\":\"2018-04-01T00:00:31Z\","
                            + "\"note\":\"says \\\"hi\\\",\\u000athen \\\\leaves\",\"score\":\"007\"}");
            assertThat(rows.hasNext()).isFalse();
        }
    }

    @Test
    void readsNdjsonUnchangedWithItsScenario() throws IOException {
        String line = "{\"transaction_id\":1,\"user_id\":2,\"amount\":3.5,\"timestamp\":\"2018-04-01T00:00:31\","
                + "\"x\":{\"fraud_scenario\":9},\"fraud_scenario\":2}";
        Path file = write("a.ndjson", "\uFEFF" + line + "\r\n\n" + line);

        try (RowReader rows = TransactionFiles.rows(List.of(file), EventSchema.TRANSACTIONS)) {
            FileRow first = rows.next();
            assertThat(new String(first.json(), StandardCharsets.UTF_8)).isEqualTo(line);
            assertThat(first.fraudScenario()).isEqualTo(2);
            FileRow second = rows.next();
            assertThat(second.line()).isEqualTo(3);
            assertThat(rows.hasNext()).isFalse();
        }
    }

    @Test
    void mergesFilesGivenInAnyOrderByEventTime() throws IOException {
        Path early = gzip("early.csv.gz", HEADER + row(1, "10:00") + row(2, "12:00") + row(3, "14:00"));
        Path late = write("late.csv", HEADER + row(4, "11:00") + row(5, "12:00") + row(6, "13:00"));

        assertThat(ids(early, late)).containsExactly("1", "4", "2", "5", "6", "3");
        assertThat(ids(late, early)).containsExactly("1", "4", "2", "5", "6", "3");
    }

    @Test
    void badRowsAreCountedWithTheirPlaceAndTheRestIsRead() throws IOException {
        Path file = write("a.csv", HEADER + row(1, "10:00") + "2,7,-5,2018-04-01T11:00:00Z,1,0,0\n" + row(3, "12:00"));

        try (TransactionReader reader = TransactionFiles.read(List.of(file), EventSchema.TRANSACTIONS)) {
            List<String> ids = new ArrayList<>();
            reader.forEachRemaining(event -> ids.add(event.transaction().transactionId()));
            assertThat(ids).containsExactly("1", "3");
            assertThat(reader.rejected()).isEqualTo(1);
            assertThat(reader.rejectedExamples().get(0)).startsWith(file + ":3: negative-amount");
            assertThat(reader.fractionRead()).isEqualTo(1);
        }
    }

    @Test
    void aRowWithTheWrongNumberOfCellsNamesFileAndLine() throws IOException {
        Path file = write("a.csv", HEADER + row(1, "10:00") + "2,7,5\n");

        assertThatThrownBy(() -> events(file))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(file + ":3: the row has 3 cells, the header 7");
    }

    @Test
    void aFileWithoutARequiredColumnIsRefusedByName() throws IOException {
        Path file = write("a.csv", "transaction_id,amount,timestamp\n1,2,2018-04-01T00:00:31Z\n");

        assertThatThrownBy(() -> events(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a.csv")
                .hasMessageContaining("user_id");
        assertThatThrownBy(() -> events(write("empty.csv", "")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("empty");
    }

    @Test
    void aFileThatIsGivenTwiceIsRefusedByWhateverNames() throws IOException {
        Path file = write("a.csv", HEADER + row(1, "10:00"));
        Path link = Files.createSymbolicLink(directory.resolve("link.csv"), file);
        Path other = write("b.csv", HEADER + row(1, "10:00"));

        assertThatThrownBy(() -> events(file, other, file))
                .isInstanceOf(IOException.class)
                .hasMessage(file + ": is given twice");
        assertThatThrownBy(() -> events(file, link))
                .isInstanceOf(IOException.class)
                .hasMessage(link + ": is given twice, also as " + file);
        assertThat(ids(file, other)).containsExactly("1", "1");
    }

    @Test
    void linesLongerThanTheBufferAreReadWhole() throws IOException {
        String note = "n".repeat(200_000);
        Path file = write(
                "a.csv",
                "transaction_id,user_id,amount,timestamp,note\n1,2,3,2018-04-01T00:00:31Z," + note
                        + "\n2,2,3,2018-04-01T00:00:31Z,short\n");

        try (RowReader rows = TransactionFiles.rows(List.of(file), EventSchema.TRANSACTIONS)) {
            assertThat(rows.next().json()).hasSizeGreaterThan(200_000);
            assertThat(rows.next().result()).isInstanceOf(Transaction.class);
        }
    }

    private List<String> ids(Path... files) throws IOException {
        return events(files).stream()
                .map(event -> event.transaction().transactionId())
                .toList();
    }

    private static List<FileEvent> events(Path... files) throws IOException {
        List<FileEvent> events = new ArrayList<>();
        try (TransactionReader reader = TransactionFiles.read(List.of(files), EventSchema.TRANSACTIONS)) {
            reader.forEachRemaining(events::add);
        }
        return events;
    }

    private static String row(int id, String time) {
        return id + ",7,12.50,2018-04-01T" + time + ":00Z,3,0,0\n";
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private Path gzip(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }
}
