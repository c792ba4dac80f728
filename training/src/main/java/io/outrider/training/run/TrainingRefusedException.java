package io.outrider.training.run;

import java.util.List;

/** No model is registered, for reasons that lie in the data or in the model; the same run again would end the same. */
public final class TrainingRefusedException extends Exception {

    private final List<String> reasons;

    /** @param reasons one sentence each, at least one */
    public TrainingRefusedException(List<String> reasons) {
        super(String.join("; ", reasons));
        this.reasons = List.copyOf(reasons);
    }

    public List<String> reasons() {
        return reasons;
    }
}
