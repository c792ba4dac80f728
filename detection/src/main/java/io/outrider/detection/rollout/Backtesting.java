package io.outrider.detection.rollout;

import io.outrider.core.port.Runs;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** Who makes backtests, and over what. */
public record Backtesting(Runs runs, Dataset dataset) {

    /** The dataset that backtests read. */
    public interface Dataset {

        /** How far it goes now; empty while there is none. Blocks. */
        Optional<Version> newest() throws IOException;
    }

    /**
     * A version of it.
     *
     * @param number of the version
     * @param dates event dates that have rows, UTC, ascending
     */
    public record Version(int number, List<LocalDate> dates) {}
}
