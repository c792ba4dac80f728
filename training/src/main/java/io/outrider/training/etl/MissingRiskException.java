package io.outrider.training.etl;

import java.io.IOException;

/** What was known of merchants when records were decided is gone or not known, and nothing else is accepted for it. */
public final class MissingRiskException extends IOException {

    private static final long serialVersionUID = 1;

    private final String what;

    MissingRiskException(String what) {
        super(what + "; --accept-missing-risk goes on with an older table");
        this.what = what;
    }

    /** What is missing, without what to do about it. */
    public String what() {
        return what;
    }
}
