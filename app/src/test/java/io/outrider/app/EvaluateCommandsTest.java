package io.outrider.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.model.SplitMix;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code evaluate} and {@code evaluate-table} as they are typed. */
final class EvaluateCommandsTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int DAYS = 8;
    private static final int EVENTS_A_DAY = 300;
    private static final String HEADER = "transaction_id,user_id,amount,timestamp,merchant_id,is_fraud\n";
    private static final String[] ON_DAYS = {
        "--train-from=2026-01-02",
        "--train-to=2026-01-06",
        "--test-from=2026-01-07",
        "--test-to=2026-01-08",
        "--label-delay=PT0S",
        "--model=forest"
    };

    @TempDir
    private Path folder;

    /** What a command printed, and its exit code. */
    private record Ran(int code, String out, String err) {}

    private static Ran run(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Outrider.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words);
        return new Ran(code, out.toString(), err.toString());
    }

    private static Ran evaluate(String... more) {
        return run(Stream.of(Stream.of("evaluate"), Stream.of(ON_DAYS), Stream.of(more))
                .flatMap(words -> words)
                .toArray(String[]::new));
    }

    /** One amount in fifty is thirty times the usual, and a fraud. */
    private Path history() throws IOException {
        SplitMix random = new SplitMix(5);
        StringBuilder csv = new StringBuilder(HEADER);
        for (int i = 0; i < DAYS * EVENTS_A_DAY; i++) {
            boolean fraud = random.nextInt(50) == 0;
            double amount = (20 + 20 * random.nextDouble()) * (fraud ? 30 : 1);
            csv.append(i + "," + random.nextInt(20) + "," + amount + ","
                    + START.plusSeconds(i * (86_400L / EVENTS_A_DAY)) + ",m," + (fraud ? 1 : 0) + "\n");
        }
        return Files.writeString(folder.resolve("history.csv"), csv);
    }

    private Path table(String text) throws IOException {
        return Files.writeString(folder.resolve("table.csv"), text);
    }

    private Path goodTable() throws IOException {
        StringBuilder csv = new StringBuilder("x,y,label\n");
        for (int i = 0; i < 100; i++) {
            csv.append(i % 14 + "," + i % 15 + ",0\n");
        }
        return table(csv + "400,-90,1\n");
    }

    @Test
    void anEvaluationTellsItsMetricsAndWritesItsPage() throws IOException {
        Path page = folder.resolve("page.html");
        Ran ran = evaluate("--report=" + page, history().toString());
        assertThat(ran.err()).isEmpty();
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).contains("AUC ROC", "average precision", "rows rejected              0");
        assertThat(page).content().contains("<svg");
    }

    @Test
    void rowsLeftOutAreToldInTextOnStandardErrorAndInJson() throws IOException {
        Path file = history();
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.add(1, "x,1,-5,2026-01-01T00:00:00Z,m,0");
        lines.add("y,1,5,2026-01-08T23:59:00Z,m,");
        Files.write(file, lines);
        Ran text = evaluate(file.toString());
        assertThat(text.code()).isZero();
        assertThat(text.err())
                .contains("rows left out as no valid events: 1", file + ":2: ", "-5", "they have no label: 1");
        assertThat(text.out()).contains("rows rejected              1", file + ":2: ", "rows without label         1");
        Ran json = evaluate("--json", file.toString());
        assertThat(json.code()).isZero();
        assertThat(json.out()).startsWith("{").contains("\"rejectedExamples\" : [ \"" + file + ":2: ");
    }

    @ParameterizedTest
    @CsvSource({"0, no test row is a fraud", "1, every test row is a fraud"})
    void whatOneClassAloneCannotMeasureIsADashWithTheReason(String label, String why) throws IOException {
        Path file = history();
        Files.writeString(file, Files.readString(file).replaceAll(",[01]\n", "," + label + "\n"));
        Ran text = evaluate(file.toString());
        assertThat(text.code()).isZero();
        assertThat(text.out())
                .contains("AUC ROC                    - (only one class: " + why + ")")
                .doesNotContain("NaN");
        assertThat(evaluate("--json", file.toString()).out()).contains("\"auc\" : null");
    }

    /** Cut within the content, within the eight bytes after it, and within the header. */
    @ParameterizedTest
    @CsvSource({"0.5, beyond line [0-9]+: Unexpected end", "0.9999, beyond line [0-9]+: ", "0, : it ends too early"})
    void aGzipFileThatIsCutShortIsNamed(double share, String why) throws IOException {
        Path history = cutGzip(history(), share);
        Ran ran = evaluate(history.toString());
        assertThat(ran.err())
                .startsWith("outrider: " + history + ": can't be read")
                .containsPattern(why)
                .hasLineCount(1);
        assertThat(ran.code()).isEqualTo(1);
        Path table = cutGzip(table("x,y,label\n" + "1,2,0\n".repeat(20_000)), share);
        assertThat(run("evaluate-table", "--label=label", table.toString()).err())
                .startsWith("outrider: " + table + ": can't be read")
                .containsPattern(why)
                .hasLineCount(1);
    }

    private static Path cutGzip(Path file, double share) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(packed)) {
            Files.copy(file, gzip);
        }
        int kept = Math.max(5, (int) (packed.size() * share));
        return Files.write(file.resolveSibling(file.getFileName() + ".gz"), Arrays.copyOf(packed.toByteArray(), kept));
    }

    @Test
    void aPageThatCannotBeWrittenIsRefusedBeforeTheWork() throws IOException {
        Path page = folder.resolve("missing/page.html");
        // The history would be refused too, but is not looked at.
        Ran ran = evaluate("--report=" + page, folder.resolve("no.csv").toString());
        assertThat(ran.err())
                .startsWith("outrider: --report " + page + ": there is no folder " + page.getParent())
                .hasLineCount(1);
        assertThat(ran.code()).isEqualTo(1);
        assertThat(evaluate("--report=" + folder, history().toString()).err())
                .startsWith("outrider: --report " + folder + " can't be written");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | the file is empty",
                "'transaction_id,user_id,timestamp\n1,2,2026-01-01T00:00:00Z\n' | amount",
                "'transaction_id,user_id,amount,timestamp,Amount\n' | bad.csv: two columns have one name, 'amount'",
                "'transaction_id,user_id,amount,timestamp\n1,2,3,2026-01-01T00:00:00Z\n' | no event on or after the first test day, 2026-01-07",
                "'transaction_id,user_id,amount,timestamp\n1,2,3,2026-01-05T00:00:00Z\n1,2,3,2026-01-01T00:00:00Z\n' | :3: 2026-01-01T00:00:00Z lies more than an hour behind",
            })
    void aHistoryThatWillNotDoIsRefusedInOneLine(String content, String why) throws IOException {
        Path file = Files.writeString(folder.resolve("bad.csv"), content);
        Ran ran = evaluate(file.toString());
        assertThat(ran.err()).startsWith("outrider: ").contains(why).hasLineCount(1);
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void aFileThatThereIsNotIsNamed() {
        Path file = folder.resolve("no.csv");
        Ran ran = evaluate(file.toString());
        assertThat(ran.err()).isEqualToIgnoringNewLines("outrider: " + file + ": no such file");
        assertThat(ran.code()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--train-from=2026-13-01 | Invalid value for option '--train-from': '2026-13-01' is no day like 2026-01-31",
                "--label-delay=7 | Invalid value for option '--label-delay': '7' is no duration: P7D are seven days,",
                "--model=tree | Invalid value for option '--model'",
                "--seed=x | Invalid value for option '--seed'",
                "--features=amount | --features names the inputs of a --model-file",
                "--dataset=transactions:1 | name either files or a --dataset",
                "--label-delay=-P1D | the label delay must not be negative",
                "--what | Unknown option: '--what'",
            })
    void wrongUsageNamesTheOption(String option, String why) {
        String name = option.replaceAll("=.*", "");
        String[] words = Stream.concat(
                        Stream.of("evaluate", "history.csv", option),
                        Stream.of(ON_DAYS).filter(word -> !word.startsWith(name + "=")))
                .toArray(String[]::new);
        Ran ran = run(words);
        assertThat(ran.err()).startsWith(why);
        assertThat(ran.code()).isEqualTo(2);
    }

    @Test
    void theDaysMustBeSaid() {
        Ran ran = run("evaluate", "history.csv");
        assertThat(ran.err()).startsWith("Missing required options").contains("'--train-from=DATE'");
        assertThat(ran.code()).isEqualTo(2);
    }

    @Test
    void aTableIsEvaluatedWithItsOptions() throws IOException {
        Path file = goodTable();
        Ran text = run("evaluate-table", "--label=label", "--trees=20", "--subsample=64", "--seeds=2", file.toString());
        assertThat(text.err()).isEmpty();
        assertThat(text.code()).isZero();
        assertThat(text.out()).contains("rows, anomalies    101, 1", "AUC ROC            1.0000 (sd 0.0000)");
        Ran json = run("evaluate-table", "--label=label", "--seeds=1", "--json", file.toString());
        assertThat(json.code()).isZero();
        assertThat(json.out()).startsWith("{").contains("\"rows\" : 101");
    }

    @Test
    void rowsOfATableWithoutLabelAreTold() throws IOException {
        Path file = goodTable();
        Files.writeString(file, Files.readString(file) + "3,4,\n");
        Ran text = run("evaluate-table", "--label=label", "--seeds=1", file.toString());
        assertThat(text.code()).isZero();
        assertThat(text.err())
                .isEqualToIgnoringNewLines("outrider: rows left out of the metrics as they have no label, though the"
                        + " forest was fitted on them too: 1");
        assertThat(text.out()).contains("rows, anomalies    101, 1", "rows without label 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | table.csv: the file is empty",
                "'x,y\n1,2\n' | has no column label, only x, y",
                "'x,label\n' | has no rows",
                "'x,x,y,label\n1,2,3,0\n' | table.csv: two columns have one name: x",
                "'label,x,label\n1,2,0\n' | table.csv: two columns have one name: label",
                "'x,label\n1,0\n5d,1\n' | table.csv:3: column x is no number: 5d",
                "'x,label\n1,0\n2,maybe\n' | table.csv:3: column label is no label, which must be 0 or 1: maybe",
            })
    void aTableThatWillNotDoIsRefusedInOneLine(String content, String why) throws IOException {
        Ran ran = run("evaluate-table", "--label=label", table(content).toString());
        assertThat(ran.err()).startsWith("outrider: ").contains(why).hasLineCount(1);
        assertThat(ran.code()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--trees=0 | --trees must be 1 to 10000: 0",
                "--subsample=1 | --subsample must be 2 to 65536: 1",
                "--seeds=0 | --seeds must be at least 1: 0",
                "--trees=many | Invalid value for option '--trees'",
                "--features=x | --features names the inputs of a --model",
            })
    void wrongUsageOfATableNamesTheOption(String option, String why) throws IOException {
        Ran ran = run("evaluate-table", "--label=label", option, goodTable().toString());
        assertThat(ran.err()).startsWith(why);
        assertThat(ran.code()).isEqualTo(2);
        assertThat(run("evaluate-table", "table.csv").err()).startsWith("Missing required option: '--label=COLUMN'");
    }
}
