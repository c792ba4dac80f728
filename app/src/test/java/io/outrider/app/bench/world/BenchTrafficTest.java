package io.outrider.app.bench.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.outrider.core.event.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class BenchTrafficTest {

    private static final int DRAWS = 100_000;
    private static final Instant END = Instant.parse("2026-01-31T00:00:00Z");

    private static double shareOfFirst(String distribution, int accounts) {
        AccountDraw draw = AccountDraw.of(distribution, accounts);
        SplittableRandom random = new SplittableRandom(7);
        int first = 0;
        for (int i = 0; i < DRAWS; i++) {
            int account = draw.next(random);
            assertThat(account).isBetween(0, accounts - 1);
            first += account == 0 ? 1 : 0;
        }
        return first / (double) DRAWS;
    }

    @Test
    void accountsAreDrawnAsTheDistributionSays() {
        assertThat(shareOfFirst("uniform", 20)).isCloseTo(0.05, within(0.005));
        assertThat(shareOfFirst("hot:0.3", 1_000)).isCloseTo(0.3, within(0.01));
        double harmonic = 0;
        for (int i = 1; i <= 50; i++) {
            harmonic += Math.pow(i, -1.1);
        }
        assertThat(shareOfFirst("zipf:1.1", 50)).isCloseTo(1 / harmonic, within(0.01));
    }

    @Test
    void anUnknownDistributionIsNamed() {
        for (String bad : List.of("zipf", "zipf:x", "zipf:-1", "hot:1", "hot:0", "even")) {
            assertThatThrownBy(() -> AccountDraw.of(bad, 10)).hasMessageContaining(bad);
        }
    }

    @Test
    void theSameSeedGivesTheSameEventsInOrder() {
        List<Transaction> events = events(1);
        assertThat(events).hasSize(1_000).isEqualTo(events(1)).isNotEqualTo(events(2));
        for (int i = 1; i < events.size(); i++) {
            assertThat(events.get(i).eventTimeMs())
                    .isGreaterThanOrEqualTo(events.get(i - 1).eventTimeMs());
        }
        assertThat(events.get(0).eventTimeMs())
                .isEqualTo(END.minus(Duration.ofDays(30)).toEpochMilli());
        assertThat(events.get(999).eventTimeMs()).isLessThan(END.toEpochMilli());
    }

    private static List<Transaction> events(long seed) {
        List<Transaction> events = new ArrayList<>();
        new BenchTraffic(seed, AccountDraw.of("uniform", 10), 1_000, END, Duration.ofDays(30))
                .forEachRemaining(events::add);
        return events;
    }
}
