package io.outrider.app.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class PlannedFaultTest {

    private static final List<FaultKind> ALL = Arrays.asList(FaultKind.values());

    @Test
    void theSameSeedDrawsTheSamePlanAndAnotherAnother() {
        assertThat(PlannedFault.plan(7, 40, ALL, 3)).isEqualTo(PlannedFault.plan(7, 40, ALL, 3));
        assertThat(PlannedFault.plan(8, 40, ALL, 3)).isNotEqualTo(PlannedFault.plan(7, 40, ALL, 3));
    }

    @Test
    void everyKindComesEquallyOften() {
        Map<FaultKind, Long> drawn = PlannedFault.plan(1, 5 * ALL.size() + 3, ALL, 3).stream()
                .collect(Collectors.groupingBy(PlannedFault::kind, Collectors.counting()));

        assertThat(drawn).containsOnlyKeys(ALL);
        assertThat(drawn.values()).allSatisfy(times -> assertThat(times).isBetween(5L, 6L));
    }

    @Test
    void everyNodeIsBefallenAndEveryLengthIsWithinItsKind() {
        List<PlannedFault> plan = PlannedFault.plan(2, 80, ALL, 3);

        assertThat(plan.stream().map(PlannedFault::targetName).distinct())
                .containsExactlyInAnyOrder(
                        "node-1", "node-2", "node-3", "lake of node-1", "lake of node-2", "lake of node-3", "broker");
        assertThat(plan)
                .allSatisfy(fault -> assertThat(fault.lengthMs() / 1_000)
                        .isBetween(fault.kind().shortestSeconds(), fault.kind().longestSeconds()));
    }

    @Test
    void aFrozenNodeStaysSoForLongerThanTheConsumerGroupsSessionTimeout() {
        assertThat(FaultKind.FREEZE.shortestSeconds()).isGreaterThan(10);
    }
}
