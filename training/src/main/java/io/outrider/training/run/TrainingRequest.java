package io.outrider.training.run;

import com.typesafe.config.Config;
import io.outrider.core.model.Model;
import io.outrider.training.dataset.DatasetManifest;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What is to be trained.
 *
 * @param dataset on what
 * @param config the whole configuration
 * @param champion what it must not be worse than; null for none
 * @param disk where temporary files may be made
 */
public record TrainingRequest(
        DatasetManifest dataset, Config config, @Nullable Model champion, Path disk) {}
