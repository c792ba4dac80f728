package io.outrider.detection.protocol;

/** A partition's stream must start anew: claim the partition again and consume from the offset that gives. */
public final class RunLostException extends RuntimeException {

    public RunLostException(int partition, String reason) {
        super("partition " + partition + ": " + reason);
    }
}
