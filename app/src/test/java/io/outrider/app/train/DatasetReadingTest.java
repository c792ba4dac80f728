package io.outrider.app.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Whether commands that read a dataset say so to retention. */
final class DatasetReadingTest {

    @TempDir
    private Path lake;

    static List<Arguments> commands() {
        String days = "--train-from=2026-03-01 --train-to=2026-03-02 --test-from=2026-03-03 --test-to=2026-03-04";
        return List.of(
                Arguments.of(new BacktestCommand(), "--model=none"),
                Arguments.of(new EvaluateCommand(), "--dataset=transactions:1 " + days));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aLeaseIsTakenBeforeTheVersionIsLookedUpAndIsGoneAfterwards(Callable<Integer> command, String options)
            throws IOException {
        // Of retention that died: whoever takes a lease that it would keep out clears it away.
        Path leases = Files.createDirectories(lake.resolve("processed-transactions/_leases"));
        Path dead = Files.writeString(
                leases.resolve("dead.json"),
                "{\"use\":\"CLEAR\",\"holder\":\"retention\",\"since\":\"2026-03-01T00:00:00Z\",\"beats\":0,\"ended\":false}");
        Files.setLastModifiedTime(dead, FileTime.from(Instant.now().minus(Duration.ofMinutes(10))));

        int status = new CommandLine(command)
                .setErr(new PrintWriter(Writer.nullWriter()))
                .execute(Stream.concat(Stream.of("--lake=" + lake), Stream.of(options.split(" ")))
                        .toArray(String[]::new));

        assertThat(status).as("there is no such version").isNotZero();
        try (Stream<Path> left = Files.list(leases)) {
            assertThat(left).isEmpty();
        }
    }
}
