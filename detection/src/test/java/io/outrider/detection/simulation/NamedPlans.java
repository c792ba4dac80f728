package io.outrider.detection.simulation;

import io.outrider.core.decision.Detector;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.detection.Models;
import io.outrider.detection.scoring.SharedScorer;
import java.util.List;

/** The scorer of folds that do not score: tells by a model's name which of two feature plans it is of, {@code m…} or {@code n…}. */
final class NamedPlans {

    static final SharedScorer SCORER = scorer();

    private NamedPlans() {}

    private static SharedScorer scorer() {
        Models models = new Models(Models.history(), List.of(0.1));
        String version = models.versions().get(0);
        String other = models.add(Models.OTHER_PLAN, Models.history());
        return new SharedScorer(
                fingerprint -> fingerprint.equals(Models.PLAN.fingerprint()) ? Models.PLAN : Models.OTHER_PLAN,
                name -> models.load(name.startsWith("n") ? other : version),
                SharedScorer.RiskTables.NONE,
                Detector::new,
                new LiveMetrics());
    }
}
