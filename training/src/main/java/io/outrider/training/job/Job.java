package io.outrider.training.job;

import java.io.IOException;
import java.util.Map;

/**
 * A kind of batch work. One object serves all its runs, one after the other, on whichever node the supervisor chooses;
 * every batch node has its own.
 */
public interface Job {

    /** Its name in settings, addresses and the lake: lower-case letters, digits and hyphens. */
    String kind();

    /**
     * Whether doing it again after an attempt that ended nobody knows how is safe: it takes over what that one has
     * finished, or makes the same again. One that is not is marked as lost instead.
     */
    boolean resumable();

    /**
     * Checks what a run is asked for, before it is accepted.
     *
     * @throws RefusedException if it can't do with it
     */
    void check(Map<String, String> parameters) throws RefusedException;

    /**
     * Looks whether what a run names is there, before it is accepted: {@link #check} has passed, the run looks again. Reads little.
     *
     * @throws RefusedException if it is not
     * @throws IOException if that can't be found out
     */
    default void lookUp(Map<String, String> parameters) throws RefusedException, IOException {}

    /**
     * Does it, in the calling thread, which is interrupted when the run is to stop.
     *
     * @throws HopelessException if trying again would fail again
     * @throws Exception if it failed and may succeed another time
     */
    JobResult run(JobContext context) throws Exception;

    /** A parameter that a job can't do with. */
    final class RefusedException extends Exception {

        private static final long serialVersionUID = 1;

        private final String parameter;
        private final String value;

        /** @param why a sentence that says what it must be */
        public RefusedException(String parameter, String value, String why) {
            super(why);
            this.parameter = parameter;
            this.value = value;
        }

        public String parameter() {
            return parameter;
        }

        public String value() {
            return value;
        }
    }

    /** A failure that another attempt would meet again, such as a damaged file; the message says what to mend. */
    final class HopelessException extends Exception {

        private static final long serialVersionUID = 1;

        public HopelessException(String message, Throwable cause) {
            super(message, cause);
        }

        public HopelessException(String message) {
            super(message);
        }
    }
}
