package io.outrider.app.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.outrider.app.command.CommandException;
import io.outrider.app.rebuild.Rebuild.Choices;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.ContextRef;
import io.outrider.core.model.Model;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.rollout.Requested;
import io.outrider.lake.checkpoint.ClaimRefusedException;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Claim;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Held;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.model.PlanFiles;
import io.outrider.lake.model.StageFile;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** From the topic alone, and across generations and plans. */
class RebuildTest extends RebuildFixture {

    @Test
    void aPartitionThatLostItsManifestIsBuiltFromTheLog() throws IOException {
        checkpoints(0).claim(claim("node", 0));
        lake.delete("checkpoints/transactions/0/manifest.json");
        lake.put("checkpoints/transactions/0/0000000007-0000000001-0.base.avro", new byte[] {1});
        assertThatThrownBy(() -> checkpoints(0).claim(claim("again", 0)))
                .isInstanceOf(ClaimRefusedException.class)
                .hasMessageContaining("outrider rebuild");
        assertThatThrownBy(() -> rebuild(PLAIN).plan(0))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("--until");

        long end = topics.endOffset(topic.name(), 0);
        Rebuild rebuild = rebuild(new Choices(null, end, null, false, null));
        Rebuild.Result result = rebuild.run(rebuild.plan(0), share -> {});
        assertThat(result.epoch()).as("above all that have written files").isEqualTo(8);
        assertThat(result.to()).isEqualTo(end);
        Held held = checkpoints(0).claim(claim("again", 0));
        assertThat(held.manifest().context()).isEqualTo(context());
        Map<String, byte[]> states = new HashMap<>();
        checkpoints(0).load(held.manifest(), states::put);
        assertThat(featureHashes(states)).isEqualTo(expectedHashes(0));
    }

    @Test
    void aPartitionIsBuiltUpToItsOldCheckpointAndFencesItsOwner() throws IOException {
        Held owner = checkpoints(0).claim(claim("node", 0));
        Rebuild rebuild = rebuild(PLAIN);
        Rebuild.Task overtaken = rebuild.plan(0);
        Rebuild.Result result = rebuild.run(rebuild.plan(0), share -> {});
        assertThat(result.to()).isEqualTo(owner.manifest().nextOffset());
        assertThat(result.epoch()).isEqualTo(owner.manifest().epoch() + 1);
        assertThatThrownBy(() -> rebuild.run(overtaken, share -> {})).hasMessageContaining("claimed while");
    }

    @Test
    void whatTheLogHasLostIsLostOnlyByPermission() throws Exception {
        checkpoints(1).claim(claim("node", 1));
        forget(1, 10);
        assertThatThrownBy(() -> rebuild(PLAIN).plan(1)).hasMessageContaining("--accept-loss-before 10");
        Rebuild rebuild = rebuild(new Choices(null, 20L, 10L, false, null));
        assertThat(rebuild.run(rebuild.plan(1), share -> {}).events()).isEqualTo(10);
    }

    @Test
    void aRecreatedTopicIsBegunAnewOnlyByPermission() throws IOException {
        checkpoints(0).claim(new Claim("node", topic.name(), "another", 0, 0, 5, PLAN.fingerprint(), context()));
        assertThatThrownBy(() -> rebuild(PLAIN).plan(0)).hasMessageContaining("--accept-new-topic");
        Rebuild rebuild = rebuild(new Choices(null, null, null, true, null));
        Rebuild.Result result = rebuild.run(rebuild.plan(0), share -> {});
        assertThat(result.to()).isZero();
        assertThat(checkpoints(0).claim(claim("again", 0)).manifest().epoch()).isEqualTo(3);
    }

    @Test
    void anotherPlansStatesAreReplacedByThisOnes() throws IOException {
        Claim other = new Claim("node", topic.name(), topic.generation(), 0, 0, 5, "another plan", context());
        checkpoints(0).claim(other);
        assertThatThrownBy(() -> checkpoints(0).claim(claim("again", 0))).hasMessageContaining("rebuild --plan");
        assertThatThrownBy(() -> rebuild(PLAIN).plan(0))
                .isInstanceOf(CommandException.class)
                .hasMessageContainingAll("partition 0 is not rebuilt", "another plan", "--plan");
        Rebuild rebuild = rebuild(PLAIN, PLAN.name());
        rebuild.run(rebuild.plan(0), share -> {});
        assertThat(checkpoints(0).claim(claim("again", 0)).manifest().planFingerprint())
                .isEqualTo(PLAN.fingerprint());
    }

    @Test
    void withoutAWordStatesStayOfTheirPlanAndWithItsFingerprintTheyAreDecidedUnderAFormerChampionOfIt()
            throws IOException {
        FeaturePlan other = FeaturePlan.compile(ConfigFactory.parseString(PLAN.source())
                .withValue("memory.amounts", ConfigValueFactory.fromAnyRef(20)));
        PlanFiles.save(lake, other);
        ModelFiles models = new ModelFiles(lake, PLAN.name());
        StageFile stages = new StageFile(lake, PLAN.name());
        stages.readOrBegin(models, Clock.systemUTC());
        List<String> others = new ArrayList<>();
        for (long day = 1; day <= 2; day++) {
            Model one = of(other, Instant.EPOCH.plus(Duration.ofDays(day)));
            models.save(one);
            others.add(one.manifest().version());
        }
        Requested asked = new Requested("ann", Instant.EPOCH, "a test");
        stages.change(at -> at.promote(others.get(0), true, asked));
        stages.change(at -> at.promote(context().modelVersion(), true, asked));
        checkpoints(0)
                .claim(new Claim(
                        "node",
                        topic.name(),
                        topic.generation(),
                        0,
                        0,
                        5,
                        other.fingerprint(),
                        new ContextRef(others.get(1), 0)));
        Rebuild.Task kept = rebuild(PLAIN).plan(0);
        assertThat(kept.plan().fingerprint()).isEqualTo(other.fingerprint());
        assertThat(kept.contexts().at(0).modelVersion()).isEqualTo(others.get(1));

        lake.delete("checkpoints/transactions/0/manifest.json");
        Choices choices = new Choices(null, 5L, null, false, null);
        Rebuild.Task asNow = rebuild(choices).plan(0);
        assertThat(asNow.plan().fingerprint()).as("the champion's").isEqualTo(PLAN.fingerprint());
        assertThat(asNow.contexts().at(0)).isEqualTo(context());
        Rebuild.Task named = rebuild(choices, other.fingerprint()).plan(0);
        assertThat(named.plan().fingerprint()).isEqualTo(other.fingerprint());
        assertThat(named.contexts().at(0).modelVersion())
                .as("was champion, though another is newer")
                .isEqualTo(others.get(0));
    }

    /** As if it had been trained under another plan with as many features. */
    private static Model of(FeaturePlan plan, Instant end) {
        ModelManifest known = model.manifest();
        return Model.of(
                model.fused(),
                new Model.Decided(
                        new ModelManifest.Plan(
                                plan.name(), plan.fingerprint(), known.plan().features()),
                        known.calibration(),
                        known.policy(),
                        new ModelManifest.Origin(known.origin().codeVersion(), 1, Instant.EPOCH, end, 1, Map.of()),
                        Map.of()));
    }
}
