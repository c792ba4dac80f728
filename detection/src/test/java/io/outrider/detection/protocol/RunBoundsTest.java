package io.outrider.detection.protocol;

import static io.outrider.detection.protocol.RunWorld.ACCOUNTS;
import static io.outrider.detection.protocol.RunWorld.BATCH;
import static io.outrider.detection.protocol.RunWorld.GROUP;
import static io.outrider.detection.protocol.RunWorld.IN_FLIGHT;
import static io.outrider.detection.protocol.RunWorld.TIMEOUT_MS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run holds stays within its limits, whatever is slow: accounts, the broker, the lake, or one hot account. */
class RunBoundsTest {

    @TempDir
    Path folder;

    private RunWorld world;

    @BeforeEach
    void start() throws IOException {
        world = new RunWorld(folder);
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void accountsInMemoryStayWithinTheirLimitAndKeepTheirStates() {
        for (long offset = 0; offset < 9_000; offset += GROUP) {
            world.offer(offset, number -> "account-" + number * 7 % 1_500);
            world.settle();
            assertThat(world.offered).as("the group at %d is taken", offset).isFalse();
        }
        assertThat(world.mostInMemory).isEqualTo(ACCOUNTS);
        world.run.drain(world.now);
        world.settle();
        assertThat(world.isDrained).isTrue();
        for (int number = 0; number < 1_500; number++) {
            byte[] state = world.run.accounts().state("account-" + number);
            assertThat(state).isNotNull();
            assertThat(ByteBuffer.wrap(state).getInt()).isEqualTo(6);
        }
        assertThat(world.run.accounts().names()).hasSize(1_500).doesNotHaveDuplicates();
    }

    @Test
    void theAccountThatIsUsedStaysInMemoryWhileOthersLeave() {
        for (long offset = 0; offset < 2_000; offset += GROUP) {
            world.offer(offset, number -> number % GROUP == 0 ? "hot" : "account-" + number);
            world.settle();
        }
        assertThat(world.retired.contains("hot")).isFalse();
        assertThat(world.retired).hasSizeGreaterThan(1_700);
    }

    @Test
    void aLateAnswerOfAnAccountThatHasLeftIsNotTakenForOneOfItsReturn() {
        for (long offset = 0; offset < 2_000; offset += GROUP) {
            world.offer(offset, number -> "account-" + number);
            world.settle();
        }
        assertThat(world.retired).contains("account-0");
        AccountReply late = Objects.requireNonNull(world.replies.get("account-0"));
        world.accountsAnswer = false;
        world.offer(2_000, number -> "account-0");
        world.run.onReply(late, null, world.now);
        assertThat(world.lost).isNull();
        world.accountsAnswer = true;
        world.run.drain(world.now);
        world.settle();
        assertThat(world.isDrained).isTrue();
        assertThat(ByteBuffer.wrap(world.run.accounts().state("account-0")).getInt())
                .isEqualTo(1 + GROUP);
    }

    @Test
    void whileTheLakeTakesNoCheckpointNoMoreAccountsComeInThanMay() {
        world.lakeAnswers = false;
        long offset = world.offerUntilHeldBack(number -> "account-" + number);
        assertThat(offset).isEqualTo(ACCOUNTS);
        assertThat(world.mostInMemory).isLessThanOrEqualTo(ACCOUNTS);
        world.lakeAnswers = true;
        world.settle();
        assertThat(world.offered).isFalse();
    }

    @Test
    void whileAHotAccountIsSlowNoMoreEventsWaitForItThanMay() {
        world.accountsAnswer = false;
        long offset = world.offerUntilHeldBack(number -> number % 2 == 0 ? "hot" : "account-" + number % 50);
        assertThat(offset).isBetween((long) IN_FLIGHT - GROUP, (long) IN_FLIGHT);
        world.accountsAnswer = true;
        world.settle();
        assertThat(world.offered).isFalse();
    }

    @Test
    void whileTheBrokerAcknowledgesNothingNoMoreRecordsWaitForItThanMay() {
        world.brokerAnswers = false;
        world.offerUntilHeldBack(number -> "account-" + number % 50);
        assertThat(world.unacknowledged).hasSizeBetween(IN_FLIGHT, IN_FLIGHT + GROUP);
        world.brokerAnswers = true;
        world.settle();
        assertThat(world.offered).isFalse();
    }

    @Test
    void aGroupOfOneAccountThatIsLargerThanWhatMayWaitIsTakenInParts() {
        world.accountsAnswer = false;
        world.offer(0, 20 * IN_FLIGHT, number -> "hot");
        assertThat(world.run.inFlight()).isEqualTo(IN_FLIGHT);
        assertThat(world.longestBatch).isEqualTo(BATCH);
        world.accountsAnswer = true;
        world.settle();
        assertThat(world.offered).isFalse();
        world.run.drain(world.now);
        world.settle();
        assertThat(ByteBuffer.wrap(world.run.accounts().state("hot")).getInt()).isEqualTo(20 * IN_FLIGHT);
    }

    @Test
    void noMoreAlertsWaitThanMayWhenEveryEventRaisesOneInAGroupThatIsLarger() {
        world.brokerAnswers = false;
        world.accountsAlert = true;
        world.offer(0, 20 * IN_FLIGHT, number -> "account-" + number % (ACCOUNTS / 2));
        world.settle();
        assertThat(world.unacknowledged).as("alerts, and as many scored").hasSize(2 * IN_FLIGHT);
        world.brokerAnswers = true;
        world.settle();
        assertThat(world.offered).isFalse();
    }

    @Test
    void aGroupThatRaisesFewAlertsIsTakenWhole() {
        for (long offset = 0; offset < 20 * IN_FLIGHT; offset += GROUP) {
            world.offer(offset, number -> "account-" + number % (ACCOUNTS / 2));
            world.settle();
        }
        world.accountsAnswer = false;
        world.offer(world.run.nextOffset(), 10 * IN_FLIGHT, number -> "account-" + number % (ACCOUNTS / 2));
        assertThat(world.run.inFlight()).isEqualTo(10 * IN_FLIGHT);
    }

    @Test
    void aRunWhoseAccountsDoNotLeaveWhenAskedIsLost() {
        world.losesRetire = true;
        world.offerUntilHeldBack(number -> "account-" + number);
        world.pass(TIMEOUT_MS);
        world.settle();
        assertThat(world.lost).isNull();
        world.pass(2);
        assertThat(world.lost).contains("were asked to leave memory");
    }

    @Test
    void runsShareTheLimit() {
        world.run.share(4);
        for (long offset = 0; offset < 1_000; offset += GROUP) {
            world.offer(offset, number -> "account-" + number);
            world.settle();
        }
        assertThat(world.mostInMemory).isLessThanOrEqualTo(ACCOUNTS / 4);
        assertThat(world.offered).isFalse();
    }

    @Test
    void aRunThatIsToHoldFewerWhileNothingComesGoesOn() {
        world.offer(0, number -> "account-" + number);
        world.settle();
        world.pass(1_000); // a barrier: nothing lies behind it
        world.settle();
        world.run.share(100);
        world.offer(GROUP, number -> "account-" + number);
        world.settle();
        assertThat(world.offered).isFalse();
    }

    @Test
    void theNextGroupIsAskedForOnlyWhenThereIsRoomForIt() {
        world.accountsAnswer = false;
        long offset = world.offerUntilHeldBack(number -> "account-" + number % 50);
        assertThat(world.run.nextOffset()).isEqualTo(offset + GROUP);
        assertThat(world.run.offered()).as("all of it is taken").isNull();
        world.accountsAnswer = true;
        world.settle();
        assertThat(world.offered).isFalse();
    }
}
