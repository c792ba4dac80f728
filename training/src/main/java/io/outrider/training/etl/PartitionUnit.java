package io.outrider.training.etl;

import io.outrider.core.event.RecordDecoder;
import io.outrider.core.event.Transaction;
import io.outrider.core.pace.Pace;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.capture.CapturedLog;
import io.outrider.lake.checkpoint.AccountFiles;
import io.outrider.lake.checkpoint.AccountStream;
import io.outrider.training.dataset.DatasetJson;
import io.outrider.training.dataset.DatasetOrigin;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One partition's share of one version, in the steps that it takes: the intake of its records, the fold of its accounts, which
 * may be done in parts, and the output. What it gives lies in a folder named after all that goes into it, and a result beside
 * it, written last, names its files. So a run after a crash takes over what was finished, and writes the same again where
 * it was not; and it does not matter where the steps are done. Thread-safe.
 */
public final class PartitionUnit {

    /**
     * Version of the code: with the same input, two programs of one version make the same files, byte for byte. What another
     * has made is not taken over, and a node of another does nothing of a run.
     */
    static final String CODE_VERSION = "2";

    private final ReplayScope scope;
    private final PartitionWork work;
    private final LiveHistories live;
    private final EventTable table;
    private final String folder;

    /** A unit with a folder of its own. */
    PartitionUnit(ReplayScope scope, PartitionWork work, LiveHistories live) {
        this.scope = scope;
        this.work = work;
        this.live = live;
        this.table = new EventTable(scope.request().plan());
        String stem = String.format(
                Locale.ROOT,
                "p%04d-%012d-",
                work.from().partition(),
                work.from().nextSequenceNumber());
        this.folder = scope.folder(stem, table, work.toString());
    }

    /** A partition's part of a larger unit. */
    PartitionUnit(ReplayScope scope, PartitionWork work, LiveHistories live, String folder) {
        this.scope = scope;
        this.work = work;
        this.live = live;
        this.table = new EventTable(scope.request().plan());
        this.folder = folder;
    }

    /** The same unit somewhere else; reads what the partition was decided under from the lake. */
    public static PartitionUnit of(ReplayScope scope, PartitionWork work) throws IOException {
        if (!scope.request().pseudonyms().mark().equals(scope.origin().pseudonyms())) {
            throw new IOException("the key of accounts' pseudonyms is not the one that the run was begun with");
        }
        boolean decided = scope.origin().risk().equals(DatasetOrigin.IN_FORCE);
        LiveHistories live = decided
                ? LiveHistories.read(scope.lake(), scope.request().risk(), List.of(work.from()))
                : LiveHistories.NONE;
        return new PartitionUnit(scope.withErasures(), work, live);
    }

    public PartitionWork work() {
        return work;
    }

    public int partition() {
        return work.from().partition();
    }

    public ReplayScope scope() {
        return scope;
    }

    /**
     * The result, if the unit is whole: if all is there that it names. A run that was frozen may have put it behind the back of
     * somebody who had taken the run for dead, and has deleted what it had put before.
     */
    public Optional<PartitionResult> finished() throws IOException {
        Optional<BlobStore.Blob> finished = scope.lake().get(resultName());
        if (finished.isEmpty()) {
            return Optional.empty();
        }
        PartitionResult result = DatasetJson.read(resultName(), finished.get().content(), PartitionResult.class);
        Set<String> missing = result.fileNames();
        scope.lake().list(folder).forEach(entry -> missing.remove(entry.name()));
        return missing.isEmpty() ? Optional.of(result) : Optional.empty();
    }

    /**
     * Its folder in the lake, slash included, named after all that goes into it: two that have the same one make the same,
     * wherever they are.
     */
    public String folder() {
        return folder;
    }

    /** Does all of it here and now, if that was not done before. */
    public PartitionResult replay() throws IOException {
        return replay(Pace.FULL);
    }

    /**
     * Does all of it here, if that was not done before.
     *
     * @param pace of its work
     */
    public PartitionResult replay(Pace pace) throws IOException {
        Optional<PartitionResult> finished = finished();
        if (finished.isPresent()) {
            return finished.get();
        }
        Optional<RiskInForce> risk = risk();
        try (PartitionReplay replay = new PartitionReplay(this)) {
            replay.begin();
            for (Transaction event = replay.next(); event != null; event = replay.next()) {
                replay.take(risk.isEmpty() ? RiskKnown.NOTHING : risk.get().at(replay.sequenceNumber()));
                pace.step();
            }
            return complete(replay.finish());
        }
    }

    /** How its records are decoded. */
    public RecordDecoder decoder() {
        DatasetOrigin origin = scope.origin();
        return new RecordDecoder(
                scope.request().plan().schema(),
                AccountPartitioner.named(origin.partitioner()),
                partition(),
                origin.partitions(),
                scope.request().pseudonyms());
    }

    /** Its records, from the first. */
    public PartitionIntake intake() {
        CapturedLog.Start start = new CapturedLog.Start(
                work.from().nextSequenceNumber(), work.from().newestAppendMs());
        CapturedLog log = new CapturedLog(
                scope.request().capture().withoutProperties(),
                work.names(),
                scope.origin().generation(),
                start,
                scope.request().acceptGaps());
        return new PartitionIntake(work, decoder(), log, scope.erasures(partition()));
    }

    /** Those of its accounts that are meant, as the version before left them. */
    public AccountFold fold(Predicate<String> accounts) throws IOException {
        KnownErasures erasures = scope.erasures(partition());
        AccountFold fold = new AccountFold(table.plan());
        AccountFiles.load(
                scope.lake(),
                work.from().states(),
                table.plan().fingerprint(),
                "the dataset's newest version",
                (account, state) -> {
                    if (accounts.test(account)
                            && !erasures.forgets(account, work.from().nextSequenceNumber())) {
                        fold.carry(account, state);
                    }
                });
        return fold;
    }

    /** What was known of merchants at its records; empty if nothing was. */
    public Optional<RiskInForce> risk() {
        return live.risk(partition(), scope.origin().generation());
    }

    /** Where its rows go. */
    public PartitionOutput output() throws IOException {
        DatedTables rows = new DatedTables(
                scope.lake(),
                folder,
                partition(),
                table.schema(),
                scope.settings().tableLimits(),
                scope.request().disk());
        return new PartitionOutput(scope.lake(), table, work, folder, rows);
    }

    /**
     * Ends its output.
     *
     * @param states of all its accounts, by name; passed on once
     */
    public PartitionResult finish(PartitionOutput output, PartitionIntake.Report intake, AccountStream states)
            throws IOException {
        if (scope.request().generation().isEmpty() && intake.otherGeneration() != null) {
            throw new IOException(intake.otherGeneration() + " is of another generation of the topic than "
                    + scope.origin().generation()
                    + ": it was recreated; name the generation to read, and another dataset");
        }
        return output.finish(intake, table.plan().fingerprint(), states);
    }

    /** Says that the unit is whole. */
    public PartitionResult complete(PartitionResult result) throws IOException {
        scope.lake().put(resultName(), DatasetJson.write(result));
        return result;
    }

    private String resultName() {
        return folder + "result.json";
    }
}
