package io.outrider.http;

import io.outrider.core.model.Calibration;
import io.outrider.core.model.Curve;
import io.outrider.core.model.Evidence;
import io.outrider.core.model.FusedScore;
import io.outrider.core.model.Lineage;
import io.outrider.core.model.Model;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.model.PolicyTerms;
import io.outrider.core.port.ModelCatalog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Two registered models in memory, and one that is damaged. */
final class FakeModels implements ModelCatalog {

    final ModelManifest first = model("2026-03-01T00:00:00Z", Map.of("auc", 0.9), null);
    final ModelManifest second = model(
            "2026-03-02T00:00:00Z",
            Map.of("auc", 0.95, "average_precision", 0.5),
            new Lineage(new Lineage.Dataset("transactions", 3, List.of()), Map.of(), List.of(first.version())));

    private static ModelManifest model(String dataTo, Map<String, Double> metrics, @Nullable Lineage lineage) {
        return Model.of(
                        new FusedScore(List.of(), List.of(new Evidence(0, false, Curve.line(1), 1, 0))),
                        new Model.Decided(
                                new ModelManifest.Plan("transactions", "f", List.of("amount")),
                                Calibration.fit(new double[] {1, 2, 3}),
                                new PolicyTerms(2, Duration.ofHours(1), 2, 5, 20, 0),
                                new ModelManifest.Origin("2", 42, Instant.EPOCH, Instant.parse(dataTo), 300, Map.of()),
                                metrics,
                                null,
                                lineage))
                .manifest();
    }

    @Override
    public CompletionStage<Listing> models() {
        return CompletableFuture.completedFuture(new Listing(
                List.of(
                        new Registered(first, "archived", Instant.EPOCH),
                        new Registered(second, "champion", Instant.parse("2026-03-02T06:00:00Z"))),
                List.of(new Damaged("20260303-000000000000", "its threshold is missing"))));
    }

    @Override
    public CompletionStage<Optional<ModelManifest>> model(String version) {
        return CompletableFuture.completedFuture(List.of(first, second).stream()
                .filter(model -> model.version().equals(version))
                .findFirst());
    }
}
