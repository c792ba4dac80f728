package io.outrider.spark.etl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.alert.AlertFiles;
import io.outrider.lake.alert.StoreWriter;
import io.outrider.lake.alert.StoredRow;
import io.outrider.lake.alert.StoredTable;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.blob.LakeFormat;
import io.outrider.training.dataset.DataFile;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.etl.EtlJob;
import io.outrider.training.etl.EtlSettings;
import io.outrider.training.fit.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The same history as a dataset by Spark and by ETL. */
class SparkEtlTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-04-02T00:00:00Z"), ZoneOffset.UTC);

    private static SparkSession spark;

    @TempDir
    private Path bySpark;

    @TempDir
    private Path byEtl;

    private final RawHistory history = new RawHistory(1_500);

    @BeforeAll
    static void start() {
        spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", false)
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .getOrCreate();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @BeforeEach
    void makeLakes() throws IOException {
        for (Path folder : new Path[] {bySpark, byEtl}) {
            BlobStore lake = new FolderBlobStore(folder);
            LakeFormat.check(lake);
            history.decide(lake);
            history.write(lake, 0, 0.35, 1);
            history.write(lake, 0.25, 0.5, 2); // some of it again
        }
    }

    @Test
    void datasetsAreTheSameByteForByteOverTwoVersions() throws IOException {
        DatasetManifest first = withSpark().orElseThrow();
        assertThat(text(first)).isEqualTo(text(withEtl().orElseThrow()));
        assertThat(first.origin().risk()).isEqualTo("in force");
        assertThat(first.total().repeated()).isGreaterThan(100);
        assertThat(first.total().late()).isPositive();
        assertThat(first.total().bad()).containsKeys("missing-field", "wrong-partition");

        history.write(new FolderBlobStore(bySpark), 0.5, 1, 3);
        history.write(new FolderBlobStore(byEtl), 0.5, 1, 3);
        DatasetManifest second = withSpark().orElseThrow();
        assertThat(text(second)).isEqualTo(text(withEtl().orElseThrow()));
        assertThat(second.version()).isEqualTo(2);
        assertThat(digest(bySpark)).isEqualTo(digest(byEtl)).hasSizeGreaterThan(30);
        assertThat(withSpark()).as("nothing is new").isEmpty();
    }

    @Test
    void aHistoricalImportIsTheSameByteForByte() throws IOException {
        DatasetManifest version =
                withSpark("--label-delay", "P1D", "--dataset", "import").orElseThrow();
        assertThat(version.origin().risk()).isEqualTo("labels known after PT24H");
        assertThat(text(version))
                .isEqualTo(text(
                        withEtl("--label-delay", "P1D", "--dataset", "import").orElseThrow()));
        assertThat(digest(bySpark)).isEqualTo(digest(byEtl)).hasSizeGreaterThan(10);
    }

    @Test
    void sparkReadsWhatItHasMade() throws IOException {
        DatasetManifest version = withSpark().orElseThrow();
        String[] files = version.files().stream()
                .map(DataFile::name)
                .map(name -> bySpark.resolve(name).toString())
                .toArray(String[]::new);
        assertThat(spark.read().parquet(files).count())
                .isEqualTo(version.total().rows());
    }

    /** The views for Databricks of docs/bi.md, as they stand there but for where the lake is. */
    @Test
    void theDocumentsViewsReadWhatManifestsNameAndNothingElse() throws IOException {
        DatasetManifest version = withSpark().orElseThrow();
        StoreWriter alerts =
                new StoreWriter(new AlertFiles(new FolderBlobStore(bySpark), "transactions", 1 << 20), CLOCK);
        for (int i = 0; i < 9; i++) {
            alerts.take(StoredTable.ALERTS, alert(i));
            alerts.take(StoredTable.ALERTS, alert(0)); // the same in each of their files
            alerts.take(StoredTable.REVIEWS, alert(100 + i));
            alerts.commit();
        }
        alerts.tidy(Duration.ZERO);
        assertThat(alerts.manifest().obsolete())
                .as("files that lie there and count no more")
                .isNotEmpty();

        documentedViews().forEach(spark::sql);

        assertThat(count("dataset_files")).isEqualTo(version.files().size());
        assertThat(count("transactions")).isEqualTo(version.total().rows());
        assertThat(count("transactions WHERE event_date = CAST(event_time AS DATE)"))
                .isEqualTo(version.total().rows());
        assertThat(count("alerts")).isEqualTo(9);
        assertThat(count("alerts WHERE alert_date = DATE '2026-04-01'")).isEqualTo(9);
        assertThat(count("(SELECT explode(from_json(document, 'reasons ARRAY<STRING>').reasons) FROM alerts)"))
                .isEqualTo(18);
    }

    private static long count(String from) {
        return spark.sql("SELECT count(*) FROM " + from).first().getLong(0);
    }

    private List<String> documentedViews() throws IOException {
        Matcher block = Pattern.compile("^```sql\n-- Databricks\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/bi.md")));
        assertThat(block.find()).isTrue();
        List<String> views = Stream.of(block.group(1).split(";"))
                .map(String::strip)
                .filter(statement -> statement.startsWith("CREATE VIEW"))
                .map(view -> view.replace("CREATE VIEW", "CREATE OR REPLACE TEMPORARY VIEW")
                        .replaceAll("abfss://([a-z-]+)@ACCOUNT[.]dfs[.]core[.]windows[.]net", bySpark + "/$1"))
                .toList();
        assertThat(views).hasSize(4);
        return views;
    }

    private static StoredRow alert(int number) {
        return new StoredRow(new Object[] {
            Instant.parse("2026-04-01T10:00:00Z").plusSeconds(number).toEpochMilli(),
            "g-0-" + number,
            "account-" + number,
            "t-" + number,
            "merchant",
            10.0,
            0.99,
            0.9,
            "high",
            "20260331-1",
            "g-0-" + number,
            "{\"reasons\":[\"a large amount\",\"at night\"]}"
        });
    }

    @Test
    void unitsThatWereFinishedAreTakenOver() throws IOException {
        withSpark();
        Files.delete(bySpark.resolve("processed-transactions/transactions/versions/000001.json"));
        Path unit = result(bySpark);
        Files.setLastModifiedTime(unit, FileTime.from(Instant.EPOCH));
        assertThat(withSpark().orElseThrow().version()).isEqualTo(1);
        assertThat(Files.getLastModifiedTime(unit).toInstant()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void missingRecordsAreRefusedByName() throws IOException {
        history.write(new FolderBlobStore(bySpark), 0.6, 1, 3);
        assertThatThrownBy(this::withSpark)
                .isInstanceOf(IOException.class)
                .hasMessageMatching(
                        "outrider/transactions/[0-2]/2026/04/01/00/03/00.avro: sequence number \\d+ follows where \\d+ is expected: \\d+ events are missing");
        assertThat(bySpark.resolve("processed-transactions/transactions/versions"))
                .doesNotExist();
    }

    @Test
    void badArgumentsAreNamed() {
        assertThatThrownBy(() -> SparkEtl.main(new String[] {"--partitions", "three"}))
                .hasMessageContaining("--partitions")
                .hasMessageContaining("three");
        assertThatThrownBy(() -> arguments("--partitions", "0").lake())
                .hasMessage("--partitions must be at least 1: 0");
        assertThatThrownBy(() -> arguments("--partitions", "3", "--label-delay", "a week")
                        .lake())
                .hasMessage("--label-delay must be like P7D or PT0S: a week");
    }

    private Optional<DatasetManifest> withSpark(String... more) throws IOException {
        return SparkEtl.run(spark, on(bySpark, more), CLOCK);
    }

    private Optional<DatasetManifest> withEtl(String... more) throws IOException {
        RemoteLake where = on(byEtl, more).lake();
        BlobStore lake = where.open();
        return new EtlJob(lake, EtlSettings.from(ConfigFactory.load()), where.request(lake), CLOCK).run(Progress.NONE);
    }

    private static JobArguments on(Path lake, String... more) {
        List<String> all = new ArrayList<>(List.of("--lake", lake.toString(), "--partitions", "3", "--shares", "4"));
        all.addAll(List.of(more));
        return arguments(all.toArray(String[]::new));
    }

    private static JobArguments arguments(String... arguments) {
        JobArguments given = new JobArguments();
        new CommandLine(given).parseArgs(arguments);
        return given;
    }

    private static String text(DatasetManifest manifest) {
        return new String(manifest.toJson(), StandardCharsets.UTF_8);
    }

    /** All files of the dataset, and what is in them. */
    private static Map<String, Integer> digest(Path lake) throws IOException {
        Map<String, Integer> digests = new TreeMap<>();
        Path root = lake.resolve("processed-transactions");
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                digests.put(root.relativize(file).toString(), Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return digests;
    }

    private static Path result(Path lake) throws IOException {
        try (Stream<Path> files = Files.walk(lake.resolve("processed-transactions"))) {
            return files.filter(file -> file.endsWith("result.json"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
