package io.outrider.app.train;

import io.outrider.app.command.CommandException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The file of {@code --report}. */
final class ReportFile {

    private ReportFile() {}

    /**
     * Before the work, which may take hours.
     *
     * @param report null for none
     */
    static void requireWritable(@Nullable Path report) {
        if (report == null) {
            return;
        }
        Path folder = report.toAbsolutePath().getParent();
        CommandException.require(
                folder != null && Files.isDirectory(folder), "--report " + report + ": there is no folder " + folder);
        Path written = Files.exists(report) ? report : folder;
        CommandException.require(
                !Files.isDirectory(report) && Files.isWritable(written), "--report " + report + " can't be written");
    }
}
