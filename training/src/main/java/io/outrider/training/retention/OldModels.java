package io.outrider.training.retention;

import io.outrider.core.model.Canary;
import io.outrider.core.model.Lineage;
import io.outrider.core.port.BlobStore;
import io.outrider.core.rollout.ModelStages;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.model.PlanFiles;
import io.outrider.lake.model.StageFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Models that nobody has need of any more: none that is in force or was and may be gone back to, none that a checkpoint
 * names, for a replay may have to decide under it, not the newest, and none that one of these was compared with, for without it
 * that one could not be made again. What only stays for that keeps nothing in turn. For one thread.
 */
final class OldModels {

    private static final String CONTAINER = "models/";
    private static final String MANIFEST = "manifest.json";

    /** Where nodes put what they count of decisions ({@code RolloutFiles}), beside the versions. */
    private static final String LIVE = "live";

    private final BlobStore lake;

    /** Those that are to go, by plan and version. */
    private final Set<String> going = new HashSet<>();

    OldModels(BlobStore lake) {
        this.lake = lake;
    }

    /** Files of those that are older, a model's manifest first: without it there is no model. */
    List<Expired> before(long cutoffMs) throws IOException {
        List<Expired> all = new ArrayList<>();
        for (Map.Entry<String, Map<String, List<BlobStore.Entry>>> plan : byPlan().entrySet()) {
            String needed = needed(plan.getKey());
            ModelFiles models = new ModelFiles(lake, plan.getKey());
            String newest = models.newest().orElse("");
            Map<String, List<BlobStore.Entry>> unneeded = new TreeMap<>(plan.getValue());
            unneeded.entrySet()
                    .removeIf(model -> model.getKey().equals(newest)
                            || needed.contains(model.getKey())
                            || !model.getValue().stream().allMatch(file -> file.lastModifiedMs() < cutoffMs));
            unneeded.keySet().removeAll(parents(models, unneeded.keySet()));
            unneeded.forEach((version, files) -> {
                going.add(plan.getKey() + "/" + version);
                add(files, all);
            });
        }
        return all;
    }

    /** What the others were compared with. */
    private static Set<String> parents(ModelFiles models, Set<String> unneeded) throws IOException {
        Set<String> parents = new HashSet<>();
        for (String version : models.versions()) {
            Lineage lineage =
                    unneeded.contains(version) ? null : models.manifest(version).lineage();
            if (lineage != null) {
                parents.addAll(lineage.parents());
            }
        }
        return parents;
    }

    private static void add(List<BlobStore.Entry> files, List<Expired> to) {
        for (boolean manifest : new boolean[] {true, false}) {
            for (BlobStore.Entry file : files) {
                if (file.name().endsWith("/" + MANIFEST) == manifest) {
                    to.add(new Expired(Expired.MODELS, file.name(), file.sizeBytes()));
                }
            }
        }
    }

    /** What the models that stay were trained on. */
    List<Lineage.Dataset> lineages() throws IOException {
        List<Lineage.Dataset> all = new ArrayList<>();
        for (String plan : byPlan().keySet()) {
            ModelFiles models = new ModelFiles(lake, plan);
            for (String version : models.versions()) {
                Lineage lineage = models.manifest(version).lineage();
                if (lineage != null && !going.contains(plan + "/" + version)) {
                    all.add(lineage.dataset());
                }
            }
        }
        return all;
    }

    /** Files by plan and version. */
    private Map<String, Map<String, List<BlobStore.Entry>>> byPlan() throws IOException {
        Map<String, Map<String, List<BlobStore.Entry>>> plans = new TreeMap<>();
        for (BlobStore.Entry file : lake.list(CONTAINER)) {
            String[] path = file.name().split("/", -1);
            boolean model = path.length == 4 && !path[2].equals(LIVE) && !path[2].equals(PlanFiles.FOLDER);
            if (model) {
                plans.computeIfAbsent(path[1], plan -> new TreeMap<>())
                        .computeIfAbsent(path[2], version -> new ArrayList<>())
                        .add(file);
            }
        }
        return plans;
    }

    /** A text with the versions that are needed; versions are of one length and name their content. */
    private String needed(String plan) throws IOException {
        StringBuilder all = new StringBuilder();
        Optional<ModelStages> stages = new StageFile(lake, plan).read();
        if (stages.isPresent()) {
            all.append(stages.get().champion())
                    .append(' ')
                    .append(stages.get().former())
                    .append(' ');
            all.append(stages.get().challenger()).append(' ');
            Canary canary = stages.get().canary();
            all.append(canary == null ? "" : canary.modelVersion()).append(' ');
        }
        for (BlobStore.Entry file : lake.list("checkpoints/")) {
            if (file.name().endsWith("/" + MANIFEST)) {
                Optional<BlobStore.Blob> manifest = lake.get(file.name());
                manifest.ifPresent(blob -> all.append(new String(blob.content(), StandardCharsets.UTF_8)));
            }
        }
        return all.toString();
    }
}
