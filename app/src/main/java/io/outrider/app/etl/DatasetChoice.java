package io.outrider.app.etl;

import com.typesafe.config.Config;
import io.outrider.app.command.CommandException;
import io.outrider.core.port.BlobStore;
import io.outrider.training.dataset.DatasetLease;
import io.outrider.training.dataset.DatasetLeases;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.Datasets;
import io.outrider.training.dataset.LeaseUse;
import io.outrider.training.etl.EtlSettings;
import java.io.IOException;
import java.time.Clock;

/** A dataset's version as commands name it. */
public final class DatasetChoice {

    private DatasetChoice() {}

    /**
     * Keeps retention away until the command has read what it reads: to be taken before the version is looked up.
     *
     * @param command for messages
     */
    public static DatasetLease reading(BlobStore lake, Config config, String command) throws IOException {
        return new DatasetLeases(lake, EtlSettings.from(config).container(), Clock.systemUTC())
                .take(LeaseUse.READ, command);
    }

    /** The version that a text names. */
    public static DatasetManifest version(Datasets datasets, String text) throws IOException {
        int colon = text.lastIndexOf(':');
        String name = colon < 0 ? "" : text.substring(0, colon);
        if (!Datasets.isName(name) || !text.substring(colon + 1).matches("[1-9]\\d{0,8}")) {
            throw new CommandException("a version is NAME:NUMBER, such as transactions:1, not '" + text + "'");
        }
        return datasets.get(name, Integer.parseInt(text.substring(colon + 1)));
    }

    /** The version that a text names; of a name alone, the newest. */
    public static DatasetManifest versionOrNewest(Datasets datasets, String text) throws IOException {
        if (!Datasets.isName(text)) {
            return version(datasets, text);
        }
        return datasets.newest(text)
                .orElseThrow(
                        () -> new CommandException("there is no dataset " + text + ": make one with ./outrider etl"));
    }
}
