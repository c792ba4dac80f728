package io.outrider.detection.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.outrider.core.account.AccountView;
import io.outrider.core.model.ContextRef;
import io.outrider.core.port.UnavailableException;
import io.outrider.detection.protocol.AccountMessage;
import io.outrider.detection.protocol.AccountReply;
import io.outrider.detection.protocol.RunLostException;
import io.outrider.lake.checkpoint.AccountStream;
import io.outrider.lake.checkpoint.Checkpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.junit.jupiter.api.Test;

/** What a running partition does with its stream, its lake and the questions that it is asked. */
class PartitionEntityTest extends PartitionFixture {

    @Test
    void aLostMessageFailsTheStreamAndTheNextClaimStartsFromTheCheckpoint() {
        assertThat(claim()).isZero();
        long epoch = epoch();
        route.loses = message -> message instanceof AccountMessage.Batch batch && batch.number() == 2;
        offer(epoch, 0, 10).join();
        offer(epoch, 10, 20).join();
        route.loses = message -> false;
        await().until(() -> offer(epoch, 20, 20).isCompletedExceptionally());
        assertThatThrownBy(offer(epoch, 20, 20)::join).hasCauseInstanceOf(RunLostException.class);
        await().until(() -> status().problem() != null);
        assertThat(claim()).isLessThanOrEqualTo(10);
        assertThat(epoch()).isEqualTo(epoch + 1);
        assertThat(status().problem()).startsWith("is catching up: ");
    }

    @Test
    void aStreamThatHasNothingToOfferIsEndedWhenItsRunIsLost() {
        claim();
        CompletableFuture<RunLostException> ended = stream(epoch());
        route.loses = message -> true;
        offer(epoch(), 0, 10).join();
        assertThat(ended).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void aStreamThatBeginsBehindItsRunIsEndedAtOnce() {
        claim();
        assertThat(stream(epoch() + 1)).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void theStreamOfAPartitionThatIsReleasedIsNotEndedForIt() {
        claim();
        CompletableFuture<RunLostException> ended = stream(epoch());
        ask(PartitionEntity.Release::new);
        claim();
        assertThat(ended).isNotDone();
    }

    @Test
    void aCheckpointThatTheLakeDoesNotTakeIsToldAndTriedAgain() {
        claim();
        lakeFails.set(true);
        offer(epoch(), 0, 10).join();
        await().until(() -> status().problem() != null);
        assertThat(metrics.checkpoints.sum()).isZero();
        lakeFails.set(false);
        await().until(() -> status().durableOffset() == 10);
        assertThat(status().problem()).startsWith("is catching up: ");
    }

    @Test
    void aCheckpointWhoseWritingEndsInAnErrorIsToldAndTriedAgain() {
        claim();
        writeBreaks = new NoClassDefFoundError("a codec's");
        offer(epoch(), 0, 10).join();
        await().until(() -> String.valueOf(status().problem()).endsWith(" cannot be written: a codec's"));
        writeBreaks = null;
        await().until(() -> status().durableOffset() == 10);
    }

    @Test
    void whileTheLakeIsAwayForLongerThanTheLeaseNoEventsAreTaken() {
        claim();
        lakeFails.set(true);
        await().until(() -> String.valueOf(status().problem()).startsWith("takes no events"));
        CompletableFuture<Done> waiting = offer(epoch(), 0, 10);
        await().during(Duration.ofMillis(2 * LEASE_MS)).until(() -> !waiting.isDone());
        assertThat(metrics.events.sum()).isZero();
        lakeFails.set(false);
        waiting.join();
        await().until(() -> status().durableOffset() == 10);
    }

    @Test
    void aQuestionAboutAnAccountOutOfMemoryLoadsNothing() throws IOException {
        ContextRef informed = CONTEXT.withRisk(1);
        claim(informed);
        offer(epoch(), 0, 10).join();
        ask(PartitionEntity.Release::new);
        claim(informed);
        othersGoOn();
        int before = tablesLoaded.get();
        Optional<AccountView> view = ask(replyTo -> new PartitionEntity.Find("account-1", replyTo));
        assertThat(view).hasValueSatisfying(known -> assertThat(known.events()).isEqualTo(2));
        assertThat(tablesLoaded).hasValue(before);
    }

    @Test
    void whoAsksForAnAccountThatCannotBeReadIsToldSo() {
        claim();
        scratches.isFull = true;
        assertThatThrownBy(() ->
                        this.<Optional<AccountView>>ask(replyTo -> new PartitionEntity.Find("account-1", replyTo)))
                .hasCauseInstanceOf(UnavailableException.class)
                .hasMessageContaining(FaultyScratch.FULL);
        await().until(() -> status().epoch() == 0);
    }

    @Test
    void aCheckpointWhoseAccountsCannotBeReadIsNotTriedForever() {
        claim();
        scratches.isDamaged = true;
        CompletableFuture<Done> first = offer(epoch(), 0, 10);
        await().until(() -> status().epoch() == 0);
        assertThat(first).isCompleted();
        assertThat(status().problem()).contains("a new run is needed: checkpoint 1", FaultyScratch.DAMAGED);
        scratches.isDamaged = false;
        assertThat(claim()).isZero();
    }

    @Test
    void whatKeepsTheAccountsOfARunIsClosedHoweverItEnds() {
        claim();
        assertThat(scratches.stillOpen()).isEqualTo(1);
        offer(epoch(), 0, 10).join();
        await().until(() -> status().durableOffset() == 10);
        claim();
        assertThat(scratches.stillOpen()).as("claimed again").isEqualTo(1);
        scratches.isFull = true;
        assertThatThrownBy(this::claim).isNotNull();
        assertThat(scratches.stillOpen()).as("lost, and not restored").isZero();
        scratches.isFull = false;
        claim();
        assertThat(scratches.stillOpen()).isEqualTo(1);
        ask(PartitionEntity.Release::new);
        assertThat(scratches.stillOpen()).as("released").isZero();
        claim();
        kit.stop(partition);
        assertThat(scratches.stillOpen()).as("stopped").isZero();
        assertThat(scratches.opened()).isEqualTo(5);
    }

    @Test
    void everyCommandIsHandled() {
        Checkpoint checkpoint = new Checkpoint(1, 0, CONTEXT, true, AccountStream.of(List.of()));
        Map<Class<?>, PartitionEntity.Command> samples = new HashMap<>();
        for (PartitionEntity.Command sample : List.of(
                new PartitionEntity.Claim(CONTEXT, ignored()),
                new PartitionEntity.Offer(0, group(0, 0), new CompletableFuture<>()),
                new PartitionEntity.Streams(0, lost -> {}),
                new PartitionEntity.Release(ignored()),
                new PartitionEntity.ChangeContext(CONTEXT, ignored()),
                new PartitionEntity.Find("a", ignored()),
                new PartitionEntity.Assess(event(1).transaction(), ignored()),
                new PartitionEntity.Names(null, 10, ignored()),
                new PartitionEntity.Answer(new AccountReply.Retired("a", 0), null),
                new PartitionEntity.Published(0, 0),
                new PartitionEntity.TakeoverEnded(null, null),
                new PartitionEntity.WriteEnded(0, checkpoint, null, null),
                new PartitionEntity.RetryWrite(0, checkpoint),
                new PartitionEntity.Seen(0, 0, true),
                new PartitionEntity.LogEnd(0, 0),
                PartitionEntity.GoOn.INSTANCE,
                PartitionEntity.Tick.INSTANCE)) {
            samples.put(sample.getClass(), sample);
        }
        assertThat(samples).containsOnlyKeys(PartitionEntity.Command.class.getPermittedSubclasses());
        Handled.assertAllAreHandled(kit, partition, samples.values());
    }
}
