package io.outrider.training.fit;

/** Is told how far a long run has come; called in the thread that runs it. */
@FunctionalInterface
public interface Progress {

    /** Tells nobody. */
    Progress NONE = (step, fraction) -> {};

    /**
     * A step has come so far.
     *
     * @param step "replay" or "fit"
     * @param fraction from 0 to 1
     */
    void at(String step, double fraction);
}
