package io.outrider.app.train;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.app.command.CommandException;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.DatasetOrigin;
import io.outrider.training.dataset.Datasets;
import io.outrider.training.dataset.LabelShare;
import io.outrider.training.dataset.Quality;
import io.outrider.training.dataset.QualityGate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What a command names and there is not is told with the option that names it. */
final class NamedBeforeWorkTest {

    @TempDir
    private Path lake;

    static List<Arguments> commands() {
        return List.of(
                Arguments.of(new BacktestCommand(), "--model nope"),
                Arguments.of(new TrainCommand(), "--against nope"),
                Arguments.of(new TrainCommand(), "--reproduce nope"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aModelThatThereIsNot(Callable<Integer> command, String option) throws IOException {
        emptyDataset();
        new CommandLine(command).parseArgs(("--lake " + lake + " " + option).split(" "));
        assertThatThrownBy(command::call)
                .isInstanceOf(CommandException.class)
                .hasMessage(option + ": there is no model of this version of plan transactions");
    }

    @Test
    void aReportsFolderThatThereIsNot() {
        BacktestCommand command = new BacktestCommand();
        Path report = lake.resolve("missing").resolve("report.html");
        new CommandLine(command).parseArgs("--lake=" + lake, "--model=nope", "--report=" + report);
        assertThatThrownBy(command::call)
                .isInstanceOf(CommandException.class)
                .hasMessage("--report " + report + ": there is no folder " + report.getParent());
    }

    private void emptyDataset() throws IOException {
        new Datasets(new FolderBlobStore(lake), "processed-transactions")
                .publish(new DatasetManifest(
                        DatasetManifest.FORMAT,
                        "transactions",
                        1,
                        "2026-04-01T00:00:00Z",
                        new DatasetOrigin(
                                "made/up", "g1", 1, "murmur2", "transactions", "f", DatasetOrigin.UNKNOWN, ""),
                        List.of(),
                        List.of(),
                        List.of(),
                        LabelShare.NONE,
                        null,
                        Quality.NONE,
                        Quality.NONE,
                        new QualityGate.Verdict(true, List.of())));
    }
}
