package io.outrider.ingestion.rekey;

import java.util.HashSet;
import java.util.Set;

/** How far one ingress partition has come, and what had been copied beyond by those before us. For one thread. */
final class SourceProgress {

    private final long[] inheritedFloors;
    private final Set<Long> copied = new HashSet<>();
    private long next;

    /**
     * Goes on where another stopped.
     *
     * @param next the first offset not committed
     * @param inheritedFloors the floors committed with it
     */
    SourceProgress(long next, long[] inheritedFloors) {
        this.next = next;
        this.inheritedFloors = inheritedFloors;
    }

    long[] inheritedFloors() {
        return inheritedFloors;
    }

    /** Notes a copy found by the search. */
    void foundCopyOf(long offset) {
        if (offset >= next) {
            copied.add(offset);
        }
    }

    /** Takes the record at an offset, in order; true if it is still to be copied. */
    boolean take(long offset) {
        next = offset + 1;
        return copied.isEmpty() || !copied.remove(offset);
    }

    /** Skips what has been deleted at the source. */
    void skipTo(long offset) {
        next = offset;
        copied.removeIf(found -> found < offset);
    }

    /** One past the last record taken. */
    long next() {
        return next;
    }

    /**
     * The floors to commit: as inherited while copies found by the search lie ahead of us, because those lie below
     * what this session appends; then this session's.
     */
    long[] floors(long[] ofSession) {
        return copied.isEmpty() ? ofSession : inheritedFloors;
    }
}
