package io.outrider.training.etl;

import io.outrider.lake.capture.CaptureFiles;
import java.time.Duration;

/** What a dataset's features of merchants and of known frauds go by, and where its labels come from. */
public sealed interface EtlRisk {

    /**
     * The merchant-risk tables that were in force when the events were decided live, as the partitions' histories tell; the
     * labels of the labels topic.
     *
     * @param topic whose checkpoints and tables they are
     * @param labels the captured labels topic
     * @param acceptMissing whether to go on with an older table where the one in force is not known or gone
     */
    record InForce(String topic, CaptureFiles labels, boolean acceptMissing) implements EtlRisk {}

    /**
     * The truth that the events themselves carry, each known so long after its event: a historical import. All partitions are
     * replayed as one, in event order.
     *
     * @param labelDelay not negative
     * @param ledgerEntries most merchants, and accounts with frauds, that are kept
     */
    record Declared(Duration labelDelay, int ledgerEntries) implements EtlRisk {

        public Declared {
            if (labelDelay.isNegative()) {
                throw new IllegalArgumentException("the label delay must not be negative: " + labelDelay);
            }
        }
    }
}
