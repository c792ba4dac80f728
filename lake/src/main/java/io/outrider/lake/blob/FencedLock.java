package io.outrider.lake.blob;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets threads and processes change a folder one at a time, and does not wait for one that is frozen in the middle.
 *
 * <p>A file lock dies with its process, but a stopped process keeps it. So changes go by turns: a folder {@code turn-N}
 * with a lock file {@code lock-N}. Who holds the lock changes names only by moving files out of the turn's folder, or
 * into it. Who has waited too long renames the folder to {@code turn-N+1} and takes that one's lock: from then on the
 * former holder's moves fail for want of their source or target, whenever it wakes, and it starts over. This is the
 * fencing of M. Kleppmann, How to do distributed locking (2016), with the name of a folder as the token.
 *
 * <p>Thread-safe.
 */
final class FencedLock {

    private static final Logger LOG = LoggerFactory.getLogger(FencedLock.class);

    /** A change takes far less than a millisecond; one that was only slow, and not frozen, loses nothing but time. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int MOST_TURNS = 1_000_000;

    /** A file lock holds between processes only, and a second one within this process is an error: hence both. */
    private static final Map<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

    private final Path folder;
    private final ReentrantLock lock;
    private int number;

    /** What is done in a turn. */
    @FunctionalInterface
    interface Change {

        /**
         * Changes names, each by moving a file out of or into the turn's folder. May be called again, from the start,
         * when a move has failed because the turn went to another process.
         */
        boolean perform(Path turn) throws IOException;
    }

    /** The lock whose files lie in a folder of its own, which is created if need be. */
    FencedLock(Path folder) throws IOException {
        this.folder = folder;
        create(folder);
        this.lock = LOCKS.computeIfAbsent(folder.toRealPath(), path -> new ReentrantLock());
    }

    /** Appears whole or not at all: a second first turn would be a second lock. */
    private static void create(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path prepared = folder.resolveSibling(UUID.randomUUID().toString());
        Path first = Files.createDirectories(turn(prepared, 0));
        try {
            Files.move(prepared, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
            Files.delete(first);
            Files.delete(prepared);
        }
    }

    /** Returns what the change returns, made when no other process or thread makes one. */
    boolean perform(Change change) throws IOException {
        lock.lock();
        try {
            while (true) {
                Path turn = current();
                Path file = folder.resolve("lock-" + number);
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                        FileLock held = patiently(channel)) {
                    if (held == null) {
                        pass(turn, file);
                    } else if (Files.isDirectory(turn)) {
                        return change.perform(turn);
                    }
                } catch (NoSuchFileException e) {
                    if (Files.isDirectory(turn)) {
                        throw e;
                    }
                    LOG.warn("The turn {} was taken away while this process was standing still: again", turn);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Numbers only grow, and one of them is always there. */
    private Path current() throws IOException {
        for (int i = 0; i < MOST_TURNS; i++) {
            Path turn = turn(folder, number);
            if (Files.isDirectory(turn)) {
                return turn;
            }
            number++;
        }
        throw new IOException("no folder 'turn-...' in " + folder + ": it was changed by something else");
    }

    /** The lock, or null if its holder does not come to an end. */
    private static FileLock patiently(FileChannel channel) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long pause = TimeUnit.MICROSECONDS.toNanos(50);
        FileLock held = channel.tryLock();
        while (held == null && System.nanoTime() < deadline) {
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
            try {
                TimeUnit.NANOSECONDS.sleep(pause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while waiting for the lake's lock", e);
            }
            held = channel.tryLock();
        }
        return held;
    }

    private void pass(Path turn, Path file) throws IOException {
        try {
            Files.move(turn, turn(folder, number + 1), StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            return; // another was faster
        }
        LOG.warn("A process has held {} for longer than {}: it is taken from it", file, PATIENCE);
        Files.deleteIfExists(file);
    }

    private static Path turn(Path folder, int number) {
        return folder.resolve("turn-" + number);
    }
}
