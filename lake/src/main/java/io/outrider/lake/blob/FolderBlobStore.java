package io.outrider.lake.blob;

import io.outrider.core.port.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lake in a folder of a local file system: one file per blob.
 *
 * <p>Content goes to a temporary file that is forced to disk, and then by an atomic rename into its place, whose
 * directory is forced too: what {@code put} has returned for survives a power cut. Changes of names (rename, delete)
 * happen one at a time, between processes as well as threads, which makes conditional writes exact; a process that is
 * frozen in the middle of one holds nobody up ({@link FencedLock}). Reading takes no lock. The ETag is a hash of the content, so writing equal content leaves it unchanged.
 * What a killed process left unfinished is deleted at an opening an hour later.
 *
 * <p>Names are relative, slash-separated, and no segment is empty or starts with a dot; anything else is an
 * IllegalArgumentException. A name cannot also be a folder of other names.
 */
public final class FolderBlobStore implements BlobStore {

    private static final int HASHED_BYTES = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(FolderBlobStore.class);

    /** Our own files: the lock and unfinished writes. No blob's name can lead here, for it starts with a dot. */
    private static final String PRIVATE_FOLDER = ".outrider";

    /** No write takes so long; a younger file may be that of another process. */
    private static final Duration LONGEST_WRITE = Duration.ofHours(1);

    private final Path root;
    private final Path temporary;
    private final Path turns;
    private final FencedLock lock;

    /** Opens the lake in a folder, which is created if need be. */
    public FolderBlobStore(Path root) throws IOException {
        Files.createDirectories(root);
        this.root = root.toRealPath();
        this.temporary =
                Files.createDirectories(this.root.resolve(PRIVATE_FOLDER).resolve("unfinished"));
        this.turns = this.root.resolve(PRIVATE_FOLDER).resolve("turns");
        this.lock = new FencedLock(turns);
        deleteUnfinished();
    }

    /** Deletes what killed processes have left; a lake is not refused because that cannot be done. */
    private void deleteUnfinished() {
        long olderThanMs = System.currentTimeMillis() - LONGEST_WRITE.toMillis();
        try (DirectoryStream<Path> each = Files.newDirectoryStream(turns, "turn-*")) {
            deleteUnfinishedIn(temporary, olderThanMs);
            for (Path turn : each) {
                deleteUnfinishedIn(turn, olderThanMs);
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warn("What killed processes may have left unfinished in {} stays: {}", root, e.toString());
        }
    }

    private static void deleteUnfinishedIn(Path folder, long olderThanMs) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                deleteUnfinished(file, olderThanMs);
            }
        }
    }

    private static void deleteUnfinished(Path file, long olderThanMs) throws IOException {
        try {
            if (Files.getLastModifiedTime(file).toMillis() < olderThanMs) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            LOG.debug("{} was finished, or deleted by another process, meanwhile", file);
        }
    }

    @Override
    public Optional<Blob> get(String name) throws IOException {
        Path file = file(name);
        if (Files.isDirectory(file)) {
            return Optional.empty();
        }
        try {
            byte[] content = Files.readAllBytes(file);
            return Optional.of(new Blob(content, etag(content)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<InputStream> open(String name) throws IOException {
        Path file = file(name);
        if (Files.isDirectory(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.newInputStream(file)); // what replaces the file is another one to the system
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public String put(String name, byte[] content) throws IOException {
        return write(name, content, current -> true).orElseThrow();
    }

    @Override
    public Optional<String> putIfAbsent(String name, byte[] content) throws IOException {
        return write(name, content, Optional::isEmpty);
    }

    @Override
    public Optional<String> putIfMatch(String name, byte[] content, String etag) throws IOException {
        return write(
                name,
                content,
                current -> current.isPresent() && current.get().etag().equals(etag));
    }

    @Override
    public void delete(String name) throws IOException {
        Path file = file(name);
        String id = UUID.randomUUID().toString();
        boolean deleted = lock.perform(turn -> {
            if (!Files.isRegularFile(file)) {
                return false;
            }
            Files.move(file, turn.resolve(id), StandardCopyOption.ATOMIC_MOVE);
            Files.deleteIfExists(turn.resolve(id));
            return true;
        });
        if (deleted) {
            force(parent(file));
        }
    }

    @Override
    public List<Entry> list(String prefix) throws IOException {
        List<Entry> entries = new ArrayList<>();
        Path start =
                root.resolve(prefix.substring(0, prefix.lastIndexOf('/') + 1)).normalize();
        if (!start.startsWith(root) || !Files.isDirectory(start)) {
            return entries;
        }
        Files.walkFileTree(start, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return folder.endsWith(PRIVATE_FOLDER) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = root.relativize(file).toString().replace('\\', '/');
                if (name.startsWith(prefix)) {
                    entries.add(new Entry(
                            name,
                            attributes.size(),
                            attributes.lastModifiedTime().toMillis()));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE; // deleted while we were listing
                }
                throw failure;
            }
        });
        entries.sort(Comparator.comparing(Entry::name));
        return entries;
    }

    private Optional<String> write(String name, byte[] content, Condition condition) throws IOException {
        Path file = file(name);
        String id = UUID.randomUUID().toString();
        Path unfinished = temporary.resolve(id);
        try {
            writeForced(unfinished, content);
            boolean written = lock.perform(turn -> {
                Path ready = turn.resolve(id);
                if (Files.exists(unfinished)) {
                    Files.move(unfinished, ready, StandardCopyOption.ATOMIC_MOVE);
                }
                if (!condition.holds(get(name))) {
                    Files.deleteIfExists(ready);
                    return false;
                }
                createFolders(parent(file));
                Files.move(ready, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                return true;
            });
            if (!written) {
                return Optional.empty();
            }
            force(parent(file));
            return Optional.of(etag(content));
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private Path file(String name) {
        if (name.isEmpty() || name.indexOf('\\') >= 0 || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("no blob name: '" + name + "'");
        }
        for (String segment : name.split("/", -1)) {
            if (segment.isEmpty() || segment.startsWith(".")) {
                throw new IllegalArgumentException(
                        "no blob name, a segment is empty or starts with a dot: '" + name + "'");
            }
        }
        return root.resolve(name);
    }

    /** Creates the missing folders, each made durable in its parent before anything stands in it. */
    private void createFolders(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            createFolders(parent(folder));
            Files.createDirectories(folder);
            force(parent(folder));
        }
    }

    private static Path parent(Path file) {
        Path parent = file.getParent();
        if (parent == null) {
            throw new IllegalStateException("a blob's file always lies below the root: " + file);
        }
        return parent;
    }

    private static void writeForced(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static String etag(byte[] content) {
        try {
            // In pieces: the JVM's own code for it replaces a call that comes often, not the loop within one of
            // megabytes.
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (int at = 0; at < content.length; at += HASHED_BYTES) {
                digest.update(content, at, Math.min(HASHED_BYTES, content.length - at));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @FunctionalInterface
    private interface Condition {
        boolean holds(Optional<Blob> current);
    }
}
