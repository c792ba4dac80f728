package io.outrider.training.distributed;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.training.dataset.DatasetOrigin;
import io.outrider.training.dataset.PartitionProgress;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Workers are named after their node: a1 is one on node a. */
class ReplayAssignmentsTest {

    private static final ReplayOutcome DONE = ReplayOutcome.Done.INSTANCE;
    private static final ReplayOutcome BROKEN = new ReplayOutcome.Failed("broken", false);

    @Test
    void eachWorkerHasOneOrderAndNodesThatHaveFewestComeFirst() {
        ReplayAssignments<String> run = run(4);
        run.workers(Set.of("a1", "a2", "b1"));
        List<String> first = next(run);
        assertThat(first).hasSize(3).anyMatch(given -> given.startsWith("b1"));
        assertThat(first.subList(0, 2).stream().map(given -> given.charAt(0)))
                .as("the first two are on two nodes")
                .containsExactlyInAnyOrder('a', 'b');
        assertThat(next(run)).isEmpty();
        run.ended(
                "b1",
                first.stream()
                        .filter(given -> given.startsWith("b1"))
                        .findFirst()
                        .orElseThrow()
                        .substring(3),
                DONE);
        assertThat(next(run)).containsExactly("b1 3");
        assertThat(run.left()).isEqualTo(3);
        assertThat(run.nodes()).isEqualTo(2);
    }

    @Test
    void whatAWorkerHadThatIsGoneOrSilentGoesToAnother() {
        ReplayAssignments<String> run = run(2);
        run.workers(Set.of("a1", "b1"));
        List<String> given = next(run);
        String ofB = given.stream()
                .filter(one -> one.startsWith("b1"))
                .findFirst()
                .orElseThrow()
                .substring(3);
        String ofA = ofB.equals("0") ? "1" : "0";
        run.workers(Set.of("a1"));
        assertThat(next(run)).as("a has one already").isEmpty();
        run.ended("a1", ofA, DONE);
        assertThat(next(run)).containsExactly("a1 " + ofB);
        run.ended("b1", ofB, DONE);
        assertThat(run.left()).as("whoever says so first").isZero();
        assertThat(run.failure()).isEmpty();
    }

    @Test
    void whatFailsOnOneNodeIsTriedOnAnotherAndFailsTheRunWhereThereIsNone() {
        ReplayAssignments<String> run = run(1);
        run.workers(Set.of("a1", "b1"));
        String first = next(run).get(0).substring(0, 2);
        run.ended(first, "0", BROKEN);
        String other = first.equals("a1") ? "b1" : "a1";
        assertThat(next(run)).containsExactly(other + " 0");
        run.ended(other, "0", BROKEN);
        assertThat(next(run)).isEmpty();
        assertThat(run.failure()).contains(new ReplayAssignments.Failure("broken", false));
    }

    @Test
    void anOrderThatKillsEveryNodeItIsOnComesToAnEnd() {
        ReplayAssignments<String> run = run(1);
        run.workers(Set.of("a1", "b1", "c1", "d1"));
        for (int i = 0; i < ReplayAssignments.MOST_ATTEMPTS; i++) {
            assertThat(run.failure()).isEmpty();
            run.lost(next(run).get(0).substring(0, 2));
        }
        assertThat(run.failure().orElseThrow().why())
                .startsWith("lost on node ")
                .endsWith(", the last of 3 attempts");
    }

    @Test
    void aWorkerThatWasLostTakesAnotherOnceItHasEndedWhatItHad() {
        ReplayAssignments<String> run = run(3);
        run.workers(Set.of("a1", "b1"));
        String ofA = next(run).stream()
                .filter(one -> one.startsWith("a1"))
                .findFirst()
                .orElseThrow()
                .substring(3);
        run.lost("a1");
        assertThat(run.isSilent("a1")).isTrue();
        assertThat(next(run)).isEmpty();
        run.ended("a1", ofA, DONE);
        assertThat(run.isSilent("a1")).isFalse();
        assertThat(next(run)).hasSize(1).allMatch(given -> given.startsWith("a1"));
    }

    @Test
    void aHopelessFailureEndsTheRunAtOnceAndOneThatWasTakenBackBeforeDoesNot() {
        ReplayAssignments<String> run = run(2);
        run.workers(Set.of("a1", "b1"));
        String ofB = next(run).stream()
                .filter(one -> one.startsWith("b1"))
                .findFirst()
                .orElseThrow()
                .substring(3);
        run.workers(Set.of("a1"));
        run.ended("b1", ofB, new ReplayOutcome.Failed("late", true));
        assertThat(run.failure()).isEmpty();
        run.ended("a1", ofB.equals("0") ? "1" : "0", new ReplayOutcome.Failed("a gap", true));
        assertThat(next(run)).isEmpty();
        assertThat(run.failure()).contains(new ReplayAssignments.Failure("a gap", true));
    }

    @Test
    void aWorkerThatRefusesIsGivenNothingMoreAndAllThatRefuseFailTheRun() {
        ReplayAssignments<String> run = run(2);
        run.workers(Set.of("b1"));
        String first = next(run).get(0).substring(3);
        run.ended("b1", first, new ReplayOutcome.Refused("another program"));
        run.workers(Set.of("a1", "b1"));
        assertThat(next(run)).hasSize(1).allMatch(given -> given.startsWith("a1"));
        run.ended("a1", first, new ReplayOutcome.Refused("another program, too"));
        assertThat(next(run)).isEmpty();
        assertThat(run.failure().orElseThrow().why()).startsWith("another program");
    }

    @Test
    void withoutWorkersItWaits() {
        ReplayAssignments<String> run = run(1);
        run.workers(Set.of());
        assertThat(next(run)).isEmpty();
        assertThat(run.failure()).isEmpty();
        run.workers(Set.of("a1"));
        assertThat(next(run)).containsExactly("a1 0");
    }

    private static ReplayAssignments<String> run(int orders) {
        DatasetOrigin origin = new DatasetOrigin("log", "g", orders, "murmur2", "plan", "print", "unknown", "");
        Stream<ReplayOrder> all = IntStream.range(0, orders)
                .mapToObj(i -> new ReplayOrder(
                        "" + i,
                        origin,
                        false,
                        PartitionProgress.start(i),
                        List.of(),
                        new ReplayOrder.Captured(1, "file")));
        return new ReplayAssignments<>(all.toList(), worker -> worker.substring(0, 1));
    }

    /** What is given out now, as worker and folder. */
    private static List<String> next(ReplayAssignments<String> run) {
        return run.next().stream()
                .map(given -> given.worker() + " " + given.order().folder())
                .toList();
    }
}
