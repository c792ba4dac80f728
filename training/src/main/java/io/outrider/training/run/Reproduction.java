package io.outrider.training.run;

import com.typesafe.config.Config;
import io.outrider.core.model.Lineage;
import io.outrider.core.model.Model;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.pace.Pace;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.model.ModelFiles;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.Datasets;
import io.outrider.training.fit.ModelFit;
import io.outrider.training.fit.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Trains a registered model again from what its manifest names, and compares the files byte for byte. For one thread. */
public final class Reproduction {

    private final BlobStore lake;
    private final Datasets datasets;
    private final ModelFiles models;
    private final Config config;

    /** @param config the settings of today; those of the training are taken from the model's lineage */
    public Reproduction(BlobStore lake, Datasets datasets, ModelFiles models, Config config) {
        this.lake = lake;
        this.datasets = datasets;
        this.models = models;
        this.config = config;
    }

    /**
     * What came of it.
     *
     * @param version of the model made again; the same as the first one's if and only if the manifests are the same
     * @param same whether both files are the same, byte for byte
     */
    public record Outcome(String version, boolean same) {}

    /**
     * Does it.
     *
     * @throws IOException also if the model has no lineage, is of other code, or its dataset is no longer what it was
     */
    public Outcome of(String version, Path disk, Progress progress) throws IOException, TrainingRefusedException {
        ModelManifest manifest = models.manifest(version);
        Lineage lineage = manifest.lineage();
        if (lineage == null) {
            throw new IOException(
                    "model " + version + " was not trained on a dataset: it cannot be made again from one");
        }
        String code = manifest.origin().codeVersion();
        if (!code.equals(ModelFit.CODE_VERSION)) {
            throw new IOException("model " + version + " is of code version " + code + ", this program's is "
                    + ModelFit.CODE_VERSION + ": the same data give another model");
        }
        List<String> parents = lineage.parents();
        TrainingRequest request = new TrainingRequest(
                dataset(version, lineage.dataset()),
                TrainingParameters.restore(lineage.parameters(), config),
                parents.isEmpty() ? null : models.load(parents.get(0)),
                disk);
        Model again = new TrainingRun(lake, request, Pace.FULL).run(progress).model();
        return new Outcome(again.manifest().version(), ModelFiles.content(again).sameAs(models.content(version)));
    }

    private DatasetManifest dataset(String version, Lineage.Dataset named) throws IOException {
        DatasetManifest dataset = datasets.get(named.name(), named.version());
        if (!TrainingRun.named(dataset).equals(named)) {
            throw new IOException("dataset " + named.name() + ":" + named.version()
                    + " has other files than when model " + version + " was trained on it");
        }
        return dataset;
    }
}
