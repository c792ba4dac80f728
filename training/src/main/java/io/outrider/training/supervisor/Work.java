package io.outrider.training.supervisor;

import io.outrider.core.run.Run;

/** One attempt at a run, by name. */
record Work(String kind, long number, int attempt) {

    static Work of(Run run) {
        return new Work(run.kind(), run.number(), run.attempts().begun());
    }

    String runId() {
        return kind + "-" + number;
    }
}
