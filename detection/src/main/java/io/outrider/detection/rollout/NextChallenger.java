package io.outrider.detection.rollout;

import io.outrider.core.model.ModelManifest;
import io.outrider.core.rollout.ModelStages;
import io.outrider.core.rollout.StageEntry;
import io.outrider.lake.model.DamagedModelException;
import io.outrider.lake.model.ModelFiles;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the model that is to be compared with the champion where that happens by itself: of those of the champion's plan whose
 * training data ends later than the champion's, the one whose data ends last. What was at any stage before is left out, for a
 * person or the breaker has ended that. Calls block. Thread-safe.
 */
final class NextChallenger {

    private static final Logger LOG = LoggerFactory.getLogger(NextChallenger.class);

    private final ModelFiles models;

    /** A version names its content, so a manifest is read once. */
    private final Map<String, Trained> known = new ConcurrentHashMap<>();

    /** Each is told of once. */
    private final Set<String> damaged = ConcurrentHashMap.newKeySet();

    private record Trained(String planFingerprint, Instant dataTo) {}

    NextChallenger(ModelFiles models) {
        this.models = models;
    }

    /** Its version; empty if there is none. IOException also if the champion's manifest is damaged. */
    Optional<String> beside(ModelStages stages) throws IOException {
        Set<String> before =
                stages.audit().stream().map(StageEntry::modelVersion).collect(Collectors.toSet());
        Trained champion = trained(stages.champion());
        Instant newest = champion.dataTo();
        String found = null;
        for (String version : models.versions()) {
            if (!before.contains(version)) {
                Trained one = intact(version);
                if (one != null
                        && one.planFingerprint().equals(champion.planFingerprint())
                        && one.dataTo().isAfter(newest)) {
                    newest = one.dataTo();
                    found = version;
                }
            }
        }
        return Optional.ofNullable(found);
    }

    /** Null where the manifest is damaged, which keeps no other model from being compared. */
    private @Nullable Trained intact(String version) throws IOException {
        try {
            return trained(version);
        } catch (DamagedModelException e) {
            if (damaged.add(version)) {
                LOG.warn("It is not compared: {}", e.getMessage());
            }
            return null;
        }
    }

    private Trained trained(String version) throws IOException {
        Trained read = known.get(version);
        if (read == null) {
            ModelManifest manifest = models.manifest(version);
            read = new Trained(manifest.planFingerprint(), manifest.origin().dataTo());
            known.put(version, read);
        }
        return read;
    }
}
