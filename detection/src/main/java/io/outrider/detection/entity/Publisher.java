package io.outrider.detection.entity;

import io.outrider.core.event.DeadLetter;
import io.outrider.detection.protocol.RaisedAlert;
import io.outrider.detection.protocol.ScoredRecord;

/** Where alerts, scored transactions and dead letters go. Never blocks, never gives up; {@code acknowledged} runs on any thread. */
public interface Publisher {

    /** Publishes an alert; {@code acknowledged} runs once the broker has it for good. */
    void publish(RaisedAlert alert, Runnable acknowledged);

    /** Publishes a scored transaction; {@code acknowledged} runs once the broker has it for good. */
    void publish(ScoredRecord scored, Runnable acknowledged);

    /** Publishes a dead letter; {@code acknowledged} runs once the broker has it for good. */
    void publish(DeadLetter letter, Runnable acknowledged);
}
