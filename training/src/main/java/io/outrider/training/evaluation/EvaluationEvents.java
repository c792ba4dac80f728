package io.outrider.training.evaluation;

import io.outrider.lake.files.FileEvent;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A history's events in event order, each with its features. For one thread. */
interface EvaluationEvents extends AutoCloseable {

    /** The next event; null at the end. */
    @Nullable
    FileEvent next() throws IOException;

    /** The features of the event that came last; overwritten by the next one's. */
    double[] vector();

    /** Rows so far that were no valid events. */
    long rejected();

    /** The first of them with place and reason, at most ten; none where only their number is known. */
    List<String> rejectedExamples();

    /**
     * Looks through the events that are not needed any more, in case one of them belongs before those that came.
     *
     * @throws IllegalArgumentException if one does
     */
    void requireOrderToTheEnd();

    /** How much has been read, from 0 to 1. */
    double fractionRead();

    @Override
    void close() throws IOException;
}
