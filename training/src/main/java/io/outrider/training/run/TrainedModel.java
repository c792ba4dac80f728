package io.outrider.training.run;

import io.outrider.core.model.Model;
import io.outrider.training.fit.ModelKind;
import java.time.Instant;
import java.util.List;

/**
 * What came out of a training run.
 *
 * @param model documented with its metrics and its lineage
 * @param kind what it turned out to be, never by labels
 * @param fitFrom where the rows that it was fitted and calibrated on begin
 * @param testFrom where they end, and the test begins
 * @param notes what could not be measured, and why
 */
public record TrainedModel(Model model, ModelKind kind, Instant fitFrom, Instant testFrom, List<String> notes) {

    public TrainedModel {
        notes = List.copyOf(notes);
    }
}
