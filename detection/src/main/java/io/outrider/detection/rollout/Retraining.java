package io.outrider.detection.rollout;

import io.outrider.core.port.Runs;

/** Who makes new models, and by which kind of run. */
public record Retraining(Runs runs, String kind) {}
