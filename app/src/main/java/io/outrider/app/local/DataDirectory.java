package io.outrider.app.local;

import io.outrider.app.command.CommandException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The folder that holds everything a local Outrider knows, owned by one process at a time. The operating system
 * releases the lock when its process ends, however it ends.
 */
public final class DataDirectory implements AutoCloseable {

    private static final int MAX_PID_DIGITS = 20;

    private final Path root;
    private final FileChannel channel;

    private DataDirectory(Path root, FileChannel channel) {
        this.root = root;
        this.channel = channel;
    }

    /**
     * Creates the folder if need be and takes its lock.
     *
     * @throws CommandException if another process holds it, or the folder cannot be written
     */
    public static DataDirectory open(Path root) {
        Path lockFile = root.resolve("outrider.lock");
        try {
            Files.createDirectories(root);
            FileChannel channel = FileChannel.open(
                    lockFile, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                String owner = read(channel);
                channel.close();
                throw new CommandException(
                        "the data directory " + root.toAbsolutePath().normalize()
                                + " is in use by another Outrider" + (owner.isEmpty() ? "" : " (process " + owner + ")")
                                + "; stop it, or choose another with --data-dir");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return new DataDirectory(root, channel);
        } catch (IOException e) {
            throw new CommandException(
                    "cannot use the data directory " + root.toAbsolutePath().normalize() + ": " + e, e);
        }
    }

    /** Where the embedded broker keeps its log. */
    public Path broker() {
        return root.resolve("kafka");
    }

    /** The folder that is the lake. */
    public Path lake() {
        return root.resolve("lake");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(MAX_PID_DIGITS);
        channel.read(buffer, 0);
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII).strip();
    }
}
