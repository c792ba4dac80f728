package io.outrider.training.dataset;

import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.model.PlanFiles;
import java.io.IOException;

/** The feature plan that a dataset was made with: this program's of that name, or one that ETL has left in the lake. */
public final class DatasetPlan {

    private DatasetPlan() {}

    /** Blocks. The program's own where the lake does not have the dataset's. IOException if it cannot be worked with. */
    public static FeaturePlan of(BlobStore lake, DatasetOrigin origin) throws IOException {
        FeaturePlan own = FeaturePlan.named(origin.plan());
        return new PlanFiles(lake, own).find(origin.planFingerprint()).orElse(own);
    }
}
