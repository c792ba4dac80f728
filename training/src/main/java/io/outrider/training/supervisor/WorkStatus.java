package io.outrider.training.supervisor;

import io.outrider.core.run.RunProgress;
import io.outrider.training.job.JobResult;

/** What a worker says of an attempt. */
sealed interface WorkStatus {

    /** It is working on it. Said again and again, whether anything has changed or not. */
    record Working(RunProgress progress) implements WorkStatus {}

    record Done(JobResult result) implements WorkStatus {}

    /**
     * It could not do it.
     *
     * @param hopeless whether another attempt would fail, too
     */
    record Failed(String why, boolean hopeless) implements WorkStatus {}

    /** It was told to stop, and has. */
    enum Halted implements WorkStatus {
        INSTANCE
    }

    /** It has stopped because its node does; another node may go on. */
    enum Abandoned implements WorkStatus {
        INSTANCE
    }

    /** It knows nothing of it. */
    enum Unknown implements WorkStatus {
        INSTANCE
    }
}
