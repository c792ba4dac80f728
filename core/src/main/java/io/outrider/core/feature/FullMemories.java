package io.outrider.core.feature;

/**
 * How many names an account's memories hold where they are full, so that older ones may have been forgotten; 0 where there is
 * room left, and nothing was.
 */
public record FullMemories(int merchants, int devices, int networks) {

    /** What an account has that forgot nothing. */
    public static final FullMemories NONE = new FullMemories(0, 0, 0);
}
