package io.outrider.core.event;

/**
 * Where a record stands in the log; unique for all time, so ids derive from it.
 *
 * @param generation which incarnation of the topic; a recreated topic has another
 * @param partition partition number, from 0
 * @param offset offset within the partition, from 0
 */
public record LogPosition(String generation, int partition, long offset) {

    /** The stable id of the alert, if any, that the record at this position raises. */
    public String alertId() {
        return generation + "-" + partition + "-" + offset;
    }
}
