package io.outrider.training.job;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/** One attempt at a run, as the job sees it. Thread-safe. */
public interface JobContext {

    /** The run, such as {@code etl-12}: the same for all its attempts. */
    String runId();

    /** Which attempt this is, from 1. */
    int attempt();

    /** When the run was asked for: the same for all its attempts. */
    Instant requestedAt();

    Map<String, String> parameters();

    /** An empty folder for this attempt alone; it is removed afterwards. */
    Path disk();

    /**
     * Tells how far it is; cheap, may be called often.
     *
     * @param fraction from 0 to 1
     * @param message what it is doing
     * @param counters what it has counted, all of them each time
     * @throws StoppedException if the run is to stop
     */
    void progress(double fraction, String message, Map<String, Long> counters);

    /** {@link #progress(double, String, Map)} without counters. */
    default void progress(double fraction, String message) {
        progress(fraction, message, Map.of());
    }

    /**
     * Looks whether to go on; for long stretches without progress.
     *
     * @throws StoppedException if the run is to stop
     */
    void checkStopped();

    /** Whether the attempt is to stop because its node does, and the run may go on elsewhere. */
    boolean goesOnElsewhere();

    /** The run is to stop: leave everything as it is and let this pass. */
    final class StoppedException extends RuntimeException {

        private static final long serialVersionUID = 1;

        public StoppedException() {
            super("the run is to stop", null, false, false);
        }
    }
}
