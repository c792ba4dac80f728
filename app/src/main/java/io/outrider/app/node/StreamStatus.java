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
        if (source.failure().isEmpty()) {
            return snapshot;
        }
        List<String> reasons = new ArrayList<>(snapshot.reasons());
        reasons.add("the transaction stream failed and will be started again: "
                + source.failure().get());
        return new Snapshot(false, reasons, snapshot.modelVersion(), snapshot.partitions());
    }
}
