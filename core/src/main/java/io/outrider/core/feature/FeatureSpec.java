package io.outrider.core.feature;

/**
 * One entry of a plan, compiled.
 *
 * @param feature how it is called
 * @param kind what it computes
 * @param window index of the plan's window, or of the 1, 7 or 30 days of a merchant's history; 0 where the kind takes none
 * @param current whether the event itself counts
 * @param shrunk whether the account's own habits are shrunk toward the population's
 * @param number the kind's number: a strength, an hour, a count of events
 */
record FeatureSpec(Feature feature, FeatureKind kind, int window, boolean current, boolean shrunk, double number) {

    /** Whether it is a count that the event itself is always part of. */
    boolean countsItself() {
        return kind == FeatureKind.COUNT && current;
    }
}
