package io.outrider.detection.protocol;

import java.io.IOException;

/** The transactions topic, as far as claiming a partition of it needs to know. Calls may block. */
public interface SourceLog {

    /** The topic's name. */
    String topic();

    /** Which incarnation of the topic this is (its topic id); a recreated topic has another. */
    String generation() throws IOException;

    /** Offset of the oldest record still kept; equal to {@link #endOffset} when there is none. */
    long startOffset(int partition) throws IOException;

    /** Offset that the next appended record will get. */
    long endOffset(int partition) throws IOException;
}
