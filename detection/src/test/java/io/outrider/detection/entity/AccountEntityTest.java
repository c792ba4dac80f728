package io.outrider.detection.entity;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.account.AccountView;
import io.outrider.core.decision.Assessment;
import io.outrider.core.decision.ScoredEvents;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.ContextRef;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.detection.Models;
import io.outrider.detection.protocol.AccountMessage;
import io.outrider.detection.protocol.AccountMessage.Batch;
import io.outrider.detection.protocol.AccountMessage.Opening;
import io.outrider.detection.protocol.AccountReply.Folded;
import io.outrider.detection.protocol.AccountReply.Refused;
import io.outrider.detection.protocol.AccountReply.Retired;
import io.outrider.detection.scoring.SharedScorer;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** One account's actor, with its shard and its partition played by the test. */
class AccountEntityTest {

    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final Models MODELS = new Models(
            IntStream.range(0, 1_000).mapToObj(i -> event(i).transaction()).toList());
    private static final ContextRef CONTEXT = new ContextRef(MODELS.versions().get(0), 0);

    private final TestProbe<PartitionEntity.Command> partition = KIT.createTestProbe();
    private final TestProbe<ClusterSharding.ShardCommand> shard = KIT.createTestProbe();
    private final ActorRef<AccountEntity.Command> account = spawn();

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void foldsItsEventsAndAnswersWithItsStateWhenAsked() {
        send(batch(1, 1, new Opening(null), event(0), event(1)));
        Folded folded = answer(Folded.class);
        assertThat(folded.events()).isEqualTo(2);
        assertThat(folded.snapshot()).isNotNull();
        assertThat(view()).get().extracting(AccountView::events).isEqualTo(2L);
    }

    @Test
    void refusesWhatFollowsALostMessageAndWhatAnEarlierRunSays() {
        send(batch(2, 1, new Opening(null), event(0)));
        answer(Folded.class);
        send(batch(2, 3, null, event(2)));
        assertThat(answer(Refused.class).epoch()).isEqualTo(2);
        send(batch(1, 9, new Opening(null), event(2)));
        assertThat(answer(Refused.class).epoch()).isEqualTo(1);
        assertThat(view()).get().extracting(AccountView::events).isEqualTo(1L);
    }

    @Test
    void leavesMemoryThroughItsShardAndThenSaysSo() {
        send(batch(1, 1, new Opening(null), event(0)));
        answer(Folded.class);
        send(new AccountMessage.Retire(1));
        shard.expectMessageClass(ClusterSharding.Passivate.class);
        account.tell(AccountEntity.Stop.INSTANCE);
        assertThat(answer(Retired.class)).isEqualTo(new Retired("account-0", 1));
        partition.expectTerminated(account);
    }

    @Test
    void anEarlierRunCannotRetireWhatANewerOneWorksWith() {
        send(batch(2, 1, new Opening(null), event(0)));
        answer(Folded.class);
        send(new AccountMessage.Retire(1));
        assertThat(answer(Retired.class)).isEqualTo(new Retired("account-0", 1));
        shard.expectNoMessage();
        assertThat(view()).isPresent();
    }

    @Test
    void aTouchIsAnsweredAndLeavesNothingInMemory() {
        TestProbe<AccountEntity.Touched> probe = KIT.createTestProbe();
        account.tell(new AccountEntity.Touch(probe.getRef()));
        assertThat(probe.receiveMessage().entity()).isEqualTo(account);
        shard.expectMessageClass(ClusterSharding.Passivate.class);
    }

    @Test
    void aFailingFoldIsToldToThePartitionAtOnce() {
        ContextRef unknown = new ContextRef("never loaded", 0);
        send(new Batch(1, 1, 1, unknown, new Opening(null), List.of(event(0)), false));
        assertThat(answer(Refused.class).reason()).contains("never loaded");
        partition.expectTerminated(account);
    }

    @Test
    void withoutAStateItIsUnavailableAndLeavesMemory() {
        TestProbe<StatusReply<Optional<AccountView>>> view = KIT.createTestProbe();
        account.tell(new AccountEntity.View(view.getRef()));
        assertThat(view.receiveMessage().getError()).hasMessageContaining("is moving");
        shard.expectMessageClass(ClusterSharding.Passivate.class);
        TestProbe<StatusReply<Assessment>> assessment = KIT.createTestProbe();
        account.tell(new AccountEntity.Assess(event(1).transaction(), CONTEXT, assessment.getRef()));
        assertThat(assessment.receiveMessage().getError()).hasMessageContaining("is moving");
        shard.expectMessageClass(ClusterSharding.Passivate.class);
    }

    @Test
    void aQuestionDoesNotPushOutWhatARunWorksWith() {
        send(batch(1, 1, new Opening(null), event(0)));
        answer(Folded.class);
        assertThat(view()).isPresent();
        shard.expectNoMessage();
    }

    @Test
    void everyCommandIsHandled() {
        TestProbe<StatusReply<Optional<AccountView>>> view = KIT.createTestProbe();
        TestProbe<StatusReply<Assessment>> assessment = KIT.createTestProbe();
        TestProbe<AccountEntity.Touched> touched = KIT.createTestProbe();
        Map<Class<?>, AccountEntity.Command> samples = new HashMap<>();
        for (AccountEntity.Command sample : List.of(
                new AccountEntity.Deliver(batch(1, 1, new Opening(null), event(0)), partition.getRef()),
                new AccountEntity.Touch(touched.getRef()),
                new AccountEntity.View(view.getRef()),
                new AccountEntity.Assess(event(1).transaction(), CONTEXT, assessment.getRef()),
                AccountEntity.Stop.INSTANCE)) {
            samples.put(sample.getClass(), sample);
        }
        assertThat(samples).containsOnlyKeys(AccountEntity.Command.class.getPermittedSubclasses());
        // Each has an actor of its own, because one of them stops it.
        samples.values().forEach(sample -> Handled.assertAllAreHandled(KIT, spawn(), List.of(sample)));
    }

    private ActorRef<AccountEntity.Command> spawn() {
        SharedScorer scorer = new SharedScorer(
                Models.PLAN, MODELS, SharedScorer.RiskTables.NONE, ScoredEvents.OFF, new LiveMetrics());
        try {
            scorer.load(CONTEXT);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return KIT.spawn(AccountEntity.create(new AccountEntity.Identity("account-0", 0, scorer, "g", shard.getRef())));
    }

    private void send(AccountMessage message) {
        account.tell(new AccountEntity.Deliver(message, partition.getRef()));
    }

    private <T> T answer(Class<T> type) {
        var answer = (PartitionEntity.Answer) partition.receiveMessage();
        return type.cast(answer.reply());
    }

    private Optional<AccountView> view() {
        TestProbe<StatusReply<Optional<AccountView>>> probe = KIT.createTestProbe();
        account.tell(new AccountEntity.View(probe.getRef()));
        return probe.receiveMessage().getValue();
    }

    private static Batch batch(long epoch, long number, @Nullable Opening opening, LoggedEvent... events) {
        return new Batch(epoch, number, 1, CONTEXT, opening, List.of(events), true);
    }

    private static LoggedEvent event(long offset) {
        long time = 1_700_000_000_000L + offset * 1_000;
        return new LoggedEvent(
                offset,
                time,
                new Transaction("t" + offset, "account-0", 10 + offset % 50, time, null, null, null, null, null));
    }
}
