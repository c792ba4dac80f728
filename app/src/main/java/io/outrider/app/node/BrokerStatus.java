package io.outrider.app.node;

import io.outrider.core.port.NodeStatus;
import io.outrider.ingestion.kafka.BrokerWatch;

/** A node's status, and whether the broker answers it. */
record BrokerStatus(NodeStatus node, BrokerWatch broker) implements NodeStatus {

    @Override
    public Snapshot snapshot() {
        Snapshot snapshot = node.snapshot();
        return broker.problem().map(snapshot::unreadyBecause).orElse(snapshot);
    }
}
