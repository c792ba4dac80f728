package io.outrider.app.node;

import io.outrider.core.port.NodeStatus;
import io.outrider.ingestion.kafka.TransactionSource;
import java.util.ArrayList;
import java.util.List;

/** Detection's status, and what ails the stream that feeds it. */
record StreamStatus(NodeStatus detection, TransactionSource source) implements NodeStatus {

    @Override
    public Snapshot snapshot() {
        Snapshot snapshot = detection.snapshot();
        List<String> reasons = new ArrayList<>(snapshot.reasons());
        source.failure()
                .ifPresent(
                        failure -> reasons.add("the transaction stream failed and will be started again: " + failure));
        if (!source.isMember()) {
            reasons.add("the node has not joined the consumer group yet");
        }
        return new Snapshot(reasons.isEmpty(), reasons, snapshot.modelVersion(), snapshot.partitions());
    }
}
