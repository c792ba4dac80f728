package io.outrider.lake.blob;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class FencedLockTest {

    @TempDir
    private Path root = Path.of(".");

    @Test
    @Timeout(60)
    void aProcessThatStandsStillInTheMiddleOfAWriteHoldsNobodyUpAndCannotFinishIt() throws Exception {
        Process still = writer("standing still");
        try (BufferedReader said = still.inputReader();
                PrintStream wake = new PrintStream(still.getOutputStream(), true, StandardCharsets.UTF_8)) {
            assertThat(next(said)).isEqualTo("found nothing");

            assertThat(new FolderBlobStore(root).putIfAbsent("x", "awake".getBytes(StandardCharsets.UTF_8)))
                    .isPresent();

            wake.println();
            assertThat(next(said)).isEqualTo("found something");
            assertThat(next(said)).isEqualTo("false");
            assertThat(still.waitFor()).isZero();
        } finally {
            still.destroyForcibly();
        }
        assertThat(root.resolve("x")).hasContent("awake");
        assertThat(ours()).containsExactlyInAnyOrder("lock-1", "turn-1");
    }

    @Test
    void manyStoresThatOpenAtOnceShareOneLock() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<FolderBlobStore>> stores = Stream.generate(
                            () -> threads.submit(() -> new FolderBlobStore(root)))
                    .limit(8)
                    .toList();
            for (Future<FolderBlobStore> store : stores) {
                store.get().put("x", new byte[1]);
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(ours()).containsExactlyInAnyOrder("lock-0", "turn-0");
        assertThat(root.resolve(".outrider")).isDirectoryNotContaining("regex:.*-.*-.*-.*");
    }

    /** The next line that is not the log's. */
    private static String next(BufferedReader said) throws IOException {
        String line = said.readLine();
        while (line != null && line.contains(" WARN ")) {
            line = said.readLine();
        }
        return String.valueOf(line);
    }

    private List<String> ours() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(".outrider").resolve("turns"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private Process writer(String content) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        root.toString(),
                        content)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Writes as {@link FolderBlobStore#putIfAbsent} does, and stands still between looking and writing. */
    static final class Writer {

        private Writer() {}

        public static void main(String[] args) throws IOException {
            Path file = Path.of(args[0], "x");
            Path ready = Files.writeString(Path.of(args[0], "ready"), args[1]);
            FencedLock lock = new FencedLock(
                    Files.createDirectories(Path.of(args[0], ".outrider")).resolve("turns"));
            BufferedReader wake = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            boolean written = lock.perform(turn -> {
                if (Files.exists(ready)) {
                    Files.move(ready, turn.resolve("ready"));
                }
                if (Files.exists(file)) {
                    System.out.println("found something");
                    Files.delete(turn.resolve("ready"));
                    return false;
                }
                System.out.println("found nothing");
                wake.readLine();
                Files.move(turn.resolve("ready"), file);
                return true;
            });
            System.out.println(written);
        }
    }
}
