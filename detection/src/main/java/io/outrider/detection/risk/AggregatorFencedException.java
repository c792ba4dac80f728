package io.outrider.detection.risk;

import java.io.IOException;

/** Another aggregator has written meanwhile: begin again from what stands in the lake. */
final class AggregatorFencedException extends IOException {

    private static final long serialVersionUID = 1;

    AggregatorFencedException(String what) {
        super("another aggregator has replaced the " + what);
    }
}
