package io.outrider.training;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Labelled data that is not part of the project: the directory that {@code OUTRIDER_TEST_DATA} names, with
 * {@code handbook/transactions-2018-MM.csv.gz} and {@code adbench/NAME.csv.gz}. Where it is absent, tests that need it are
 * skipped and say so.
 */
public final class SharedData {

    private SharedData() {}

    public static List<Path> months(String... months) {
        return Stream.of(months)
                .map(month -> file("handbook/transactions-2018-" + month + ".csv.gz"))
                .toList();
    }

    public static Path table(String name) {
        return file("adbench/" + name + ".csv.gz");
    }

    private static Path file(String name) {
        String directory = System.getenv("OUTRIDER_TEST_DATA");
        assumeTrue(directory != null, "OUTRIDER_TEST_DATA is not set: no labelled data to compare on");
        Path file = Path.of(directory).resolve(name);
        assumeTrue(Files.exists(file), file + " is absent: no labelled data to compare on");
        return file;
    }
}
