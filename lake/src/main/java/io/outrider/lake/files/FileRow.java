package io.outrider.lake.files;

import io.outrider.core.event.DecodeResult;
import java.nio.file.Path;

/**
 * One row of a history, good or bad.
 *
 * @param json the event as it would be sent to the topic: an NDJSON line unchanged, a CSV row as a JSON object of all
 *     its non-empty cells
 * @param result what decoding it gave; the append time is unknown, so it is never {@code far-future}
 * @param fraudScenario the field {@code fraud_scenario}, or -1
 * @param line where the row begins in the (unzipped) file, from 1
 */
public record FileRow(byte[] json, DecodeResult result, int fraudScenario, Path file, long line) {

    /** {@code FILE:LINE}, for messages. */
    public String place() {
        return file + ":" + line;
    }
}
