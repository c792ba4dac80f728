package io.outrider.lake.capture;

import java.io.IOException;

/** Events are missing from a partition's Capture files. */
public final class CaptureGapException extends IOException {

    private final long expected;
    private final long found;

    CaptureGapException(String file, long expected, long found) {
        super(file + ": sequence number " + found + " follows where " + expected + " is expected: " + (found - expected)
                + " events are missing");
        this.expected = expected;
        this.found = found;
    }

    /** Sequence number of the first that is missing. */
    public long expected() {
        return expected;
    }

    /** Sequence number of the next that is there. */
    public long found() {
        return found;
    }
}
