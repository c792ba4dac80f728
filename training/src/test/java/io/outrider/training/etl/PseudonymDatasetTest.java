package io.outrider.training.etl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.erasure.ErasureRequest;
import io.outrider.core.event.Erasure;
import io.outrider.core.event.EventSchema;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionDecoder;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.core.port.BlobStore;
import io.outrider.core.pseudonym.AccountNames;
import io.outrider.core.pseudonym.PseudonymKey;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.capture.CaptureFiles;
import io.outrider.lake.checkpoint.AccountFiles;
import io.outrider.lake.erasure.ErasureFiles;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.DatasetRows;
import io.outrider.training.dataset.Datasets;
import io.outrider.training.dataset.PartitionProgress;
import io.outrider.training.dataset.QualityGate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ETL makes of a log under a key is what it makes of it without, by other names. */
class PseudonymDatasetTest {

    private static final FeaturePlan PLAN = FeaturePlan.named("transactions");
    private static final EtlSettings SETTINGS =
            new EtlSettings("processed-transactions", 150, 2, 2, new QualityGate(1, 0.01, 0.5, 0, 0));
    private static final PseudonymKey KEY = PseudonymKey.of(new byte[32]);
    private static final PseudonymKey OTHER =
            PseudonymKey.of("another key".repeat(4).getBytes(StandardCharsets.UTF_8));
    private static final AccountPartitioner MURMUR = AccountPartitioner.named("murmur2");
    private static final AccountNames NAMES = KEY.names(MURMUR, RawLog.PARTITIONS);
    private static final long LATER = RawLog.START + 30L * 86_400_000;

    @TempDir
    private Path folder;

    @TempDir
    private Path disk;

    private BlobStore lake;
    private RawLog log;

    @BeforeEach
    void open() throws IOException {
        lake = new FolderBlobStore(folder);
        log = new RawLog(lake, 300);
    }

    @Test
    void rowsAndStatesAreTheSameBitForBitUnderOtherNames() throws IOException {
        log.write(0, 0.5, 1);
        run("ids", PseudonymKey.NONE);
        run("names", KEY);
        log.write(0.5, 1, 2);
        DatasetManifest ids = run("ids", PseudonymKey.NONE).orElseThrow();
        DatasetManifest names = run("names", KEY).orElseThrow();

        assertThat(rows(names, UnaryOperator.identity()))
                .isEqualTo(rows(ids, NAMES::of))
                .hasSize(300);
        assertThat(states(names, UnaryOperator.identity()))
                .isEqualTo(states(ids, NAMES::of))
                .isNotEmpty();
        assertThat(names.origin().pseudonyms()).isEqualTo(KEY.mark());
        assertThat(new String(names.toJson(), StandardCharsets.UTF_8)).doesNotContain("konto");
    }

    @Test
    void aDatasetOfAnotherKeyOrOfNoneIsRefused() throws IOException {
        log.write(0, 0.5, 1);
        run("names", KEY);
        log.write(0.5, 1, 2);
        for (PseudonymKey another : new PseudonymKey[] {OTHER, PseudonymKey.NONE}) {
            assertThatThrownBy(() -> run("names", another))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("give another name");
        }
    }

    @Test
    void aManifestOfBeforeThereWerePseudonymsIsOfIds() throws IOException {
        log.write(0, 0.5, 1);
        DatasetManifest made = run("ids", PseudonymKey.NONE).orElseThrow();
        String json = new String(made.toJson(), StandardCharsets.UTF_8);
        String before = json.replaceAll(",\\s*\"pseudonyms\" : \"\"", "");
        assertThat(before).isNotEqualTo(json);
        lake.put("processed-transactions/ids/versions/000001.json", before.getBytes(StandardCharsets.UTF_8));

        assertThat(new Datasets(lake, "processed-transactions").get("ids", 1)).isEqualTo(made);
    }

    @Test
    void anErasureAskedForByIdBeforeThereWasAKeyErasesThePseudonymToo() throws IOException {
        String account = ((Transaction) new TransactionDecoder(EventSchema.TRANSACTIONS)
                        .decode(Objects.requireNonNull(log.at(0, 0).body()), LATER))
                .account();
        ErasureFiles erasures = new ErasureFiles(lake, "transactions");
        LogPosition at = new LogPosition(RawLog.GENERATION, 0, log.size(0));
        log.add(0, LATER, new Erasure("e", account).encode("user_id"));
        erasures.put(new ErasureRequest(
                "e", erasures.hash().of(account), "ann", "2026-04-01T00:00:00Z", at, at, "2026-04-01T00:00:01Z"));
        log.write(0, 1, 1);

        DatasetManifest made = run("names", KEY).orElseThrow();

        assertThat(rows(made, UnaryOperator.identity()).values())
                .isNotEmpty()
                .noneMatch(row -> row.startsWith(NAMES.of(account)));
        assertThat(erasures.list().requests())
                .extracting(ErasureRequest::account)
                .containsExactlyInAnyOrder(
                        erasures.hash().of(account), erasures.hash().of(NAMES.of(account)));
        assertThat(erasures.list().requests())
                .as("labels from before stay erased, too")
                .extracting(ErasureRequest::labels)
                .containsExactly(at, at);
    }

    /** However many there were; and what was erased under the key before stays so. */
    @Test
    void anErasureIsKnownUnderEveryKeyThatThereWas() throws IOException {
        ErasureFiles erasures = new ErasureFiles(lake, "transactions");
        Set<String> accounts = new TreeSet<>();
        for (int number = 0; number < 8; number++) {
            int partition = number % 2;
            String account = ((Transaction) new TransactionDecoder(EventSchema.TRANSACTIONS)
                            .decode(
                                    Objects.requireNonNull(
                                            log.at(partition, number).body()),
                                    LATER))
                    .account();
            if (accounts.add(account)) {
                LogPosition at = new LogPosition(RawLog.GENERATION, partition, log.size(partition));
                log.add(partition, LATER, new Erasure("e" + number, account).encode("user_id"));
                erasures.put(new ErasureRequest(
                        "e" + number, erasures.hash().of(account), "ann", "2026-04-01T00:00:00Z", at, at, null));
            }
        }
        assertThat(accounts).hasSizeGreaterThan(3);
        log.write(0, 1, 1);

        DatasetManifest one = run("one", KEY).orElseThrow();
        DatasetManifest other = run("other", OTHER).orElseThrow();

        AccountNames others = OTHER.names(MURMUR, RawLog.PARTITIONS);
        assertThat(erasures.list().requests()).hasSize(3 * accounts.size());
        for (String account : accounts) {
            assertThat(rows(one, UnaryOperator.identity()).values())
                    .isNotEmpty()
                    .noneMatch(row -> row.startsWith(NAMES.of(account)));
            assertThat(rows(other, UnaryOperator.identity()).values())
                    .isNotEmpty()
                    .noneMatch(row -> row.startsWith(others.of(account)));
            LogPosition last = new LogPosition(RawLog.GENERATION, MURMUR.partition(account, RawLog.PARTITIONS), 0);
            assertThat(erasures.list().coversTransaction(NAMES.of(account), last))
                    .isTrue();
            assertThat(erasures.list().coversTransaction(others.of(account), last))
                    .isTrue();
        }
    }

    private Optional<DatasetManifest> run(String dataset, PseudonymKey key) throws IOException {
        EtlRisk risk = new EtlRisk.InForce(
                "transactions", new CaptureFiles(lake, "raw-transactions", "outrider", "labels"), false);
        EtlRequest request = new EtlRequest(
                dataset, log.files(), RawLog.PARTITIONS, "murmur2", PLAN, Optional.empty(), false, risk, disk, key);
        return new EtlJob(lake, SETTINGS, request, Clock.systemUTC()).run((stage, share) -> {});
    }

    private Map<String, String> rows(DatasetManifest version, UnaryOperator<String> names) throws IOException {
        Map<String, String> rows = new TreeMap<>();
        new DatasetRows(lake, version, PLAN, disk)
                .from(
                        "",
                        row -> rows.put(
                                row.partition() + "/" + row.sequenceNumber(),
                                names.apply(row.account()) + Arrays.toString(row.vector())),
                        share -> {});
        return rows;
    }

    private Map<String, String> states(DatasetManifest version, UnaryOperator<String> names) throws IOException {
        Map<String, String> states = new TreeMap<>();
        for (PartitionProgress progress : version.progress()) {
            AccountFiles.load(
                    lake,
                    progress.states(),
                    PLAN.fingerprint(),
                    "it",
                    (account, state) ->
                            states.put(names.apply(account), HexFormat.of().formatHex(state)));
        }
        return states;
    }
}
