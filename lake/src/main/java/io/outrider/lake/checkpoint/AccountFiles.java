package io.outrider.lake.checkpoint;

import io.outrider.core.port.BlobStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Account states in files of the checkpoint format: of partitions' checkpoints, and of whatever else carries states. */
public final class AccountFiles implements AccountSink {

    /** Files are split near this size: what a writer and a reader hold in memory, each once or twice. */
    private static final int FILE_BYTES = 16 << 20;

    private final BlobStore lake;
    private final IntFunction<String> name;
    private final String planFingerprint;
    private final List<CheckpointFile> files = new ArrayList<>();
    private @Nullable AccountFileWriter current;

    private AccountFiles(BlobStore lake, IntFunction<String> name, String planFingerprint) {
        this.lake = lake;
        this.name = name;
        this.planFingerprint = planFingerprint;
    }

    /**
     * Writes states, in as many files as it takes; the same again gives the same files.
     *
     * @param name a file's blob name by its number, from 0
     */
    public static List<CheckpointFile> write(
            BlobStore lake, IntFunction<String> name, String planFingerprint, AccountStream accounts)
            throws IOException {
        AccountFiles series = new AccountFiles(lake, name, planFingerprint);
        accounts.forEach(series);
        series.finishFile();
        return series.files;
    }

    /**
     * Passes on the states that files hold, in the files' order: later ones replace earlier ones.
     *
     * @param manifest who names the files, for the error
     * @throws CorruptCheckpointException if a file is missing, damaged or of another plan
     */
    public static void load(
            BlobStore lake, List<CheckpointFile> files, String planFingerprint, String manifest, AccountSink into)
            throws IOException {
        for (CheckpointFile file : files) {
            BlobStore.Blob blob = lake.get(file.name())
                    .orElseThrow(() -> new CorruptCheckpointException(
                            file.name() + " is missing, though " + manifest + " names it", null));
            AccountFileCodec.decode(file, blob.content(), planFingerprint, into);
        }
    }

    @Override
    public void put(String account, byte[] state) throws IOException {
        AccountFileWriter writer = current;
        if (writer == null) {
            writer = new AccountFileWriter(name.apply(files.size()), planFingerprint);
            current = writer;
        }
        writer.add(account, state);
        if (writer.sizeBytes() >= FILE_BYTES) {
            finishFile();
        }
    }

    private void finishFile() throws IOException {
        AccountFileWriter writer = current;
        if (writer != null) {
            byte[] content = writer.content();
            lake.put(writer.name(), content);
            files.add(AccountFileCodec.describe(writer.name(), content, writer.accounts()));
            current = null;
        }
    }
}
