package io.outrider.detection.protocol;

import static io.outrider.detection.protocol.RunWorld.BARRIER_MS;
import static io.outrider.detection.protocol.RunWorld.GROUP;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a barrier that is due closes, and what its snapshots cost. */
class RunBarriersTest {

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
    void aBarrierThatIsDueWaitsForTheGroupThatComesWhenThereIsRoom() {
        world.offer(0, number -> "account-" + number);
        world.settle(); // the first barrier
        world.offer(GROUP, number -> "account-" + number);
        world.pass(BARRIER_MS + BARRIER_MS / 10);
        world.settle();
        assertThat(world.snapshotsAlone).as("nothing comes: a message each").isEqualTo(GROUP);

        world.accountsAnswer = false;
        world.offerUntilHeldBack(number -> "account-" + number % GROUP);
        world.snapshotsAlone = 0;
        world.pass(2 * BARRIER_MS - 1);
        assertThat(world.snapshotsAlone).isZero();
        world.accountsAnswer = true;
        world.settle();
        world.offer(world.run.nextOffset(), number -> "account-" + number % GROUP);
        assertThat(world.snapshotsAlone).as("they ride on the group's batches").isZero();
        world.settle();
        assertThat(world.run.durableOffset()).isEqualTo(world.run.nextOffset());
    }

    @Test
    void snapshotsComeAlongWithBatchesThatAreExpectedToBeTheLast() {
        LongFunction<String> accounts = offset -> "account-" + offset % GROUP;
        for (int barrier = 0; barrier < 3; barrier++) {
            offerAndSettle(accounts);
            world.pass(BARRIER_MS * 6 / 10);
            offerAndSettle(accounts);
            world.snapshotsAlone = 0;
            world.pass(BARRIER_MS * 6 / 10);
            world.settle();
        }
        assertThat(world.snapshotsAlone).isZero();
        assertThat(world.run.durableOffset()).isEqualTo(world.run.nextOffset());
        assertThat(states()).as("events of each account").containsOnly(6);
    }

    @Test
    void aSnapshotThatCameAlongCountsOnlyIfNoBatchFollows() {
        LongFunction<String> accounts = offset -> "account-" + offset % GROUP;
        for (int barrier = 0; barrier < 3; barrier++) {
            offerAndSettle(accounts);
            world.pass(BARRIER_MS);
        }
        offerAndSettle(accounts);
        world.pass(BARRIER_MS / 2);
        offerAndSettle(accounts);
        assertThat(states()).as("nothing of the open interval").containsOnly(4);
        offerAndSettle(accounts);
        world.snapshotsAlone = 0;
        world.pass(BARRIER_MS * 6 / 10);
        assertThat(world.snapshotsAlone).isEqualTo(GROUP);
        assertThat(states()).as("nothing of what was overtaken").containsOnly(4);
        world.settle();
        assertThat(states()).containsOnly(6);
    }

    private void offerAndSettle(LongFunction<String> accounts) {
        world.offer(world.run.nextOffset(), accounts);
        world.settle();
    }

    /** Of each account what the run would write of it. */
    private List<Integer> states() {
        return world.cells.keySet().stream()
                .map(account ->
                        ByteBuffer.wrap(world.run.accounts().state(account)).getInt())
                .toList();
    }

    @Test
    void aBarrierWaitsNoLongerThanAnotherIntervalForAGroup() {
        world.offer(0, number -> "account-" + number % GROUP);
        world.settle(); // the first barrier
        world.accountsAnswer = false;
        world.offerUntilHeldBack(number -> "account-" + number % GROUP);
        world.pass(2 * BARRIER_MS);
        assertThat(world.snapshotsAlone).isEqualTo(GROUP);
    }
}
