package io.outrider.ingestion.kafka;

import io.outrider.lake.blob.FailureReason;

/** What lies behind the wrappings of stages, actors and the connector, which say only that something failed. */
final class RootCause {

    private RootCause() {}

    static String of(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return FailureReason.of(root);
    }
}
