package io.outrider.app.train;

import io.outrider.app.command.CommandException;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.model.ModelFiles;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A registered model as commands name it. */
final class ModelChoice {

    private ModelChoice() {}

    /**
     * Refuses a version that is not registered, before work begins.
     *
     * @param option that names it, for the message
     * @param version null for none
     */
    static void require(BlobStore lake, String plan, String option, @Nullable String version) throws IOException {
        CommandException.require(
                version == null || new ModelFiles(lake, plan).versions().contains(version),
                option + " " + version + ": there is no model of this version of plan " + plan);
    }
}
