package io.outrider.detection.store;

import io.outrider.core.alert.Alert;
import io.outrider.core.model.FusedScore;
import io.outrider.core.model.Model;
import io.outrider.core.port.AlertSearch.Replay;
import io.outrider.core.port.ModelSource;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Scores receipts again, with the models that they name; the last one used stays loaded. Blocks. Thread-safe. */
final class ReceiptReplay {

    private final ModelSource models;
    private volatile @Nullable Model last;

    ReceiptReplay(ModelSource models) {
        this.models = models;
    }

    /** IOException if the model is gone, or is not that of the receipt's features. */
    Replay replay(Alert alert) throws IOException {
        Model model = model(alert.receipt().context().modelVersion());
        List<String> features = model.manifest().plan().features();
        Map<String, Double> values = alert.receipt().vector();
        if (!model.manifest().planFingerprint().equals(alert.receipt().planFingerprint())
                || !values.keySet().containsAll(features)) {
            throw new IOException("model " + model.manifest().version() + " is of another plan than the receipt");
        }
        double[] vector = features.stream()
                .mapToDouble(feature -> values.getOrDefault(feature, Double.NaN))
                .toArray();
        double score = model.score(model.raw(vector, FusedScore.scratch(vector.length)));
        return new Replay(
                model.manifest().version(),
                alert.score(),
                score,
                Double.doubleToLongBits(score) == Double.doubleToLongBits(alert.score()));
    }

    private Model model(String version) throws IOException {
        Model known = last;
        if (known != null && known.manifest().version().equals(version)) {
            return known;
        }
        Model loaded = models.load(version);
        last = loaded;
        return loaded;
    }
}
