package io.outrider.app.node;

import io.outrider.core.port.NodeStatus;
import io.outrider.ingestion.kafka.TransactionSource;

/** Detection's status, and what ails the stream that feeds it. */
record StreamStatus(NodeStatus detection, TransactionSource source) implements NodeStatus {

    @Override
    public Snapshot snapshot() {
        Snapshot snapshot = detection.snapshot();
        String failure = source.failure().orElse(null);
        if (failure != null) {
            snapshot = snapshot.unreadyBecause("the transaction stream failed and will be started again: " + failure);
        }
        return source.isMember() ? snapshot : snapshot.unreadyBecause("the node has not joined the consumer group yet");
    }
}
