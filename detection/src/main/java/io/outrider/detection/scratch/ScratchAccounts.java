package io.outrider.detection.scratch;

import io.outrider.core.model.SplitMix;
import io.outrider.detection.protocol.PassiveAccounts;
import io.outrider.lake.checkpoint.AccountStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Accounts out of memory in two files, states and names, which vanish when they are closed or their process dies. On the
 * heap stay 21 to 43 bytes an account (see {@link PositionIndex}); on disk at most twice the states and two segments,
 * but for what is appended while a checkpoint's cut is open. The system's page cache keeps of them what it has room
 * for: coming back costs a read, from memory as a rule.
 */
public final class ScratchAccounts implements PassiveAccounts {

    /** Also the limit of one account; a copy of one segment is on the heap while a base is written or space is won back. */
    private static final int SEGMENT_BYTES = 4 << 20;

    /** How many segments are emptied at most for one that is filled: more than are filled by that. */
    private static final int EMPTIED_PER_FILLED = 2;

    private static final Set<StandardOpenOption> OPTIONS = Set.of(
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);

    private static final FileAttribute<?>[] OWNER_ONLY = {
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
    };

    private final Path directory;
    private final FileChannel statesChannel;
    private final FileChannel namesChannel;
    private final RecordFile states;
    private final NameFile names;
    private final PositionIndex index = new PositionIndex();

    /** Accounts whose names are in the file and that are here no more. */
    private final Set<String> erased = new HashSet<>();

    private long bytes;
    private int filling;

    ScratchAccounts(Path directory, FileChannel states, FileChannel names, int segmentBytes) {
        this.directory = directory;
        this.statesChannel = states;
        this.namesChannel = names;
        this.states = new RecordFile(states, segmentBytes);
        this.names = new NameFile(names);
    }

    /**
     * Creates the files of one run.
     *
     * @param directory created if need be; on a disk with room for twice the states of the accounts of the partition
     * @throws IOException if it cannot be written
     */
    public static ScratchAccounts open(Path directory) throws IOException {
        return open(directory, SEGMENT_BYTES);
    }

    /** With segments of another size. */
    public static ScratchAccounts open(Path directory, int segmentBytes) throws IOException {
        try {
            if (!Files.isDirectory(directory)) { // a link to one would not do for createDirectories
                Files.createDirectories(directory);
            }
            String stem = "outrider-accounts-" + UUID.randomUUID();
            FileChannel states = create(directory.resolve(stem + ".states"));
            try {
                return new ScratchAccounts(directory, states, create(directory.resolve(stem + ".names")), segmentBytes);
            } catch (IOException e) {
                states.close();
                throw e;
            }
        } catch (IOException e) {
            throw new IOException("accounts out of memory cannot be kept in " + directory + ": " + e, e);
        }
    }

    /** For nobody else to read, and without a name as soon as it is open where the system can do that. */
    private static FileChannel create(Path file) throws IOException {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        return FileChannel.open(file, OPTIONS, posix ? OWNER_ONLY : new FileAttribute<?>[0]);
    }

    @Override
    public int size() {
        return index.size();
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public byte @Nullable [] read(String account) {
        return find(account, false);
    }

    @Override
    public byte @Nullable [] take(String account) {
        return find(account, true);
    }

    @Override
    public void put(String account, byte[] state) {
        put(account, state, find(account, true) != null);
    }

    @Override
    public void put(String account, byte[] state, boolean known) {
        if (state.length == 0) {
            if (known) {
                erased.add(account);
            }
            return;
        }
        byte[] name = account.getBytes(StandardCharsets.UTF_8);
        try {
            if (!erased.remove(account) && !known) {
                names.add(name);
            }
            long position = states.append(name, state);
            index.add(hash(name), position);
            bytes += state.length;
            if (states.segmentOf(position) != filling) {
                filling = states.segmentOf(position);
                winBack();
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public AccountStream cut() {
        try {
            states.freeze();
        } catch (IOException e) {
            throw failed(e);
        }
        long[] positions = index.positions();
        long expected = index.sumOfHashes();
        return sink -> {
            long sum = 0;
            ByteBuffer segment = ByteBuffer.allocate(0);
            int number = -1;
            for (long position : positions) {
                RecordFile.Stored record;
                try {
                    if (states.segmentOf(position) != number) {
                        number = states.segmentOf(position);
                        segment = states.readSegment(number);
                    }
                    record = states.in(segment, position);
                } catch (IOException e) {
                    throw failed(e); // what the sink throws is not ours
                }
                sink.put(new String(record.name(), StandardCharsets.UTF_8), record.state());
                sum += hash(record.name());
            }
            if (sum != expected) {
                throw failed(new IOException("not all accounts are where they were written"));
            }
        };
    }

    @Override
    public void endCut() {
        states.thaw();
    }

    @Override
    public Iterable<String> names() {
        try {
            Set<String> without = Set.copyOf(erased);
            Iterable<String> all = names.names();
            return without.isEmpty()
                    ? all
                    : () -> StreamSupport.stream(all.spliterator(), false)
                            .filter(name -> !without.contains(name))
                            .iterator();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Bytes in the file that are not free; for tests. */
    long usedBytes() {
        return states.usedBytes();
    }

    @Override
    public void clear() {
        index.clear();
        states.clear();
        names.clear();
        erased.clear();
        bytes = 0;
        filling = 0;
    }

    @Override
    public void close() {
        try (namesChannel) {
            statesChannel.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private byte @Nullable [] find(String account, boolean remove) {
        byte[] name = account.getBytes(StandardCharsets.UTF_8);
        long hash = hash(name);
        try {
            for (int slot = index.first(hash); slot >= 0; slot = index.next(slot, hash)) {
                long position = index.position(slot);
                RecordFile.Stored record = states.read(position);
                if (Arrays.equals(record.name(), name)) {
                    byte[] state = record.state();
                    if (remove) {
                        index.remove(slot);
                        states.drop(position, RecordFile.length(name, state));
                        bytes -= state.length;
                    }
                    return state;
                }
                if (hash(record.name()) != hash) {
                    throw RecordFile.damaged(position);
                }
            }
            return null;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Moves what still counts out of segments that are mostly waste. */
    private void winBack() throws IOException {
        for (int emptied = 0; emptied < EMPTIED_PER_FILLED; emptied++) {
            int victim = states.wasteful();
            if (victim < 0) {
                return;
            }
            states.visitAll(victim, (record, position) -> {
                int slot = index.slotOf(hash(record.name()), position);
                if (slot >= 0) {
                    index.move(slot, states.append(record.name(), record.state()));
                    states.drop(position, RecordFile.length(record.name(), record.state()));
                }
            });
        }
    }

    private UncheckedIOException failed(IOException e) {
        String why = "accounts out of memory cannot be kept in " + directory + ": " + e;
        return new UncheckedIOException(why, e);
    }

    /** FNV-1a of 64 bits, spread. */
    private static long hash(byte[] name) {
        long h = 0xcbf29ce484222325L;
        for (byte b : name) {
            h = (h ^ (b & 0xff)) * 0x100000001b3L;
        }
        return SplitMix.mix(h);
    }
}
