package io.outrider.ingestion.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.event.EventSchema;
import io.outrider.core.event.Label;
import io.outrider.core.event.LabelDecoder;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimulationTest {

    private static final Instant UNTIL = Instant.parse("2026-03-01T00:00:00Z");
    private static final Duration DAYS = Duration.ofDays(20);

    @ParameterizedTest
    @EnumSource(Profile.class)
    void theSameSeedGivesTheSameBytesAndAnotherSeedOthers(Profile profile) {
        Duration hours = aWhile(profile);

        assertThat(texts(simulation(profile, 7), hours)).isEqualTo(texts(simulation(profile, 7), hours));
        assertThat(texts(simulation(profile, 7), hours)).isNotEqualTo(texts(simulation(profile, 8), hours));
    }

    @ParameterizedTest
    @EnumSource(Profile.class)
    void everyEventDecodesToItsTransaction(Profile profile) {
        TransactionDecoder decoder = new TransactionDecoder(schema());
        long lastMs = 0;
        for (SimulatedEvent event : events(simulation(profile, 1), aWhile(profile))) {
            assertThat(decoder.decode(event.json(), event.timeMs())).isEqualTo(event.transaction());
            assertThat(event.timeMs()).isGreaterThanOrEqualTo(lastMs);
            lastMs = event.timeMs();
        }
        assertThat(lastMs).isPositive();
    }

    @Test
    void aStreamFromTheEndOfTheHistoryContinuesTheSameWorldWithoutRepeatingAnId() {
        Instant middle = UNTIL.minus(Duration.ofDays(2)).plusMillis(1_234_567);
        Simulation simulation = simulation(Profile.CARDS, 3);
        List<SimulatedEvent> whole = events(simulation, DAYS);
        List<Transaction> stitched = new ArrayList<>();
        Iterator<SimulatedEvent> history = simulation.history(Duration.between(UNTIL.minus(DAYS), middle), middle);
        history.forEachRemaining(event -> stitched.add(event.transaction()));
        Iterator<SimulatedRecord> live = simulation(Profile.CARDS, 3).from(middle);
        while (stitched.size() < whole.size()) {
            if (live.next() instanceof SimulatedEvent event) {
                stitched.add(event.transaction());
            }
        }

        assertThat(stitched)
                .isEqualTo(whole.stream().map(SimulatedEvent::transaction).toList());
        Set<String> ids = new HashSet<>();
        stitched.forEach(
                transaction -> assertThat(ids.add(transaction.transactionId())).isTrue());
    }

    @Test
    void everyKindOfAnomalyOccursInAboutTheShareAskedFor() {
        List<SimulatedEvent> events = events(simulation(Profile.CARDS, 5), DAYS);
        Map<AnomalyKind, Integer> counts = new HashMap<>();
        events.forEach(event -> {
            if (event.anomaly() != null) {
                counts.merge(event.anomaly(), 1, Integer::sum);
                assertThat(event.transaction().fraud()).isTrue();
            }
        });

        assertThat(counts.keySet()).isEqualTo(EnumSet.allOf(AnomalyKind.class));
        double share = counts.values().stream().mapToInt(n -> n).sum() / (double) events.size();
        assertThat(share).isBetween(0.005, 0.02);
    }

    @Test
    void labelsComeAfterTheirEventsAndEveryAnomalyGetsOne() {
        Iterator<SimulatedRecord> world = simulation(Profile.CARDS, 5).from(UNTIL);
        Set<String> awaited = new HashSet<>();
        Set<String> labelled = new HashSet<>();
        long lastMs = 0;
        for (int i = 0; i < 20_000; i++) {
            SimulatedRecord record = world.next();
            assertThat(record.timeMs()).isGreaterThanOrEqualTo(lastMs);
            lastMs = record.timeMs();
            if (record instanceof SimulatedEvent event && event.anomaly() != null) {
                awaited.add(event.transaction().transactionId());
            } else if (record instanceof SimulatedLabel label) {
                String text = new String(label.json(), StandardCharsets.UTF_8);
                assertThat(text).contains("\"verdict\":\"");
                labelled.add(text.replaceAll(".*\"transaction_id\":\"([^\"]*)\".*", "$1"));
            }
        }
        long overdueMs = lastMs - Duration.ofHours(36).toMillis();
        Iterator<SimulatedRecord> again = simulation(Profile.CARDS, 5).from(UNTIL);
        for (SimulatedRecord record = again.next(); record.timeMs() < overdueMs; record = again.next()) {
            if (record instanceof SimulatedEvent event && event.anomaly() != null) {
                assertThat(labelled).contains(event.transaction().transactionId());
            }
        }
        assertThat(awaited).isNotEmpty();
    }

    @Test
    void aLabelNamesTheKindOfItsAnomaly() {
        LabelDecoder decoder = new LabelDecoder(schema().maxAhead(), false);
        Iterator<SimulatedRecord> world = simulation(Profile.CARDS, 5).from(UNTIL);
        Map<String, SimulatedEvent> events = new HashMap<>();
        Set<String> told = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            SimulatedRecord record = world.next();
            if (record instanceof SimulatedEvent event) {
                events.put(event.transaction().transactionId(), event);
            } else if (record instanceof SimulatedLabel labelled
                    && decoder.decode(labelled.json(), labelled.timeMs()) instanceof Label label
                    && events.containsKey(label.transactionId())) {
                AnomalyKind kind = events.get(label.transactionId()).anomaly();
                assertThat(label.scenario()).isEqualTo(kind == null ? null : kind.wireName());
                told.add(String.valueOf(label.scenario()));
            }
        }
        assertThat(told)
                .containsExactlyInAnyOrder(
                        "null", "amount-spike", "burst", "takeover", "compromised-merchant", "slow-drain");
    }

    @Test
    void theUniformStreamIsTheOriginals() {
        List<SimulatedEvent> events = events(simulation(Profile.UNIFORM, 2), Duration.ofHours(2));

        assertThat(events.size()).isBetween(20_000, 28_000);
        assertThat(events).allSatisfy(event -> {
            Transaction transaction = event.transaction();
            double amount = transaction.amount();
            boolean anomalous = Boolean.TRUE.equals(transaction.fraud());
            assertThat(amount).isBetween(anomalous ? 5_000.0 : 10.0, anomalous ? 20_000.0 : 1_000.0);
            assertThat(Integer.parseInt(transaction.account())).isBetween(1_000, 5_000);
            assertThat(new String(event.json(), StandardCharsets.UTF_8))
                    .matches("\\{\"transaction_id\":\\d{6},.*\"timestamp\":\"[0-9T:.-]+\",.*");
        });
        long frauds = events.stream().filter(event -> event.anomaly() != null).count();
        assertThat(frauds / (double) events.size()).isBetween(0.006, 0.014);
    }

    @Test
    void settingsNameTheBadKey() {
        assertThatThrownBy(() -> SimulatorSettings.from(ConfigFactory.parseMap(Map.of("outrider.simulator.accounts", 0))
                        .withFallback(ConfigFactory.load())))
                .hasMessageContaining("outrider.simulator.accounts");
        assertThatThrownBy(() -> Profile.named("cash")).hasMessageContaining("cards, uniform");
    }

    /** Some thousand events. */
    private static Duration aWhile(Profile profile) {
        return profile == Profile.UNIFORM ? Duration.ofMinutes(20) : Duration.ofHours(30);
    }

    private static Simulation simulation(Profile profile, long seed) {
        SimulatorSettings settings = new SimulatorSettings(profile, 300, 100, 6, 0.01, Duration.ofDays(1), seed);
        return new Simulation(settings, schema());
    }

    /** The transactions' fields, with negative amounts allowed for sensors. */
    private static EventSchema schema() {
        EventSchema cards = EventSchema.TRANSACTIONS;
        return new EventSchema(
                cards.idField(),
                cards.accountField(),
                cards.amountField(),
                cards.timestampField(),
                cards.merchantField(),
                cards.deviceField(),
                cards.networkField(),
                cards.currencyField(),
                cards.fraudField(),
                true,
                cards.maxAhead());
    }

    private static List<SimulatedEvent> events(Simulation simulation, Duration length) {
        List<SimulatedEvent> events = new ArrayList<>();
        simulation.history(length, UNTIL).forEachRemaining(events::add);
        return events;
    }

    private static List<String> texts(Simulation simulation, Duration length) {
        return events(simulation, length).stream()
                .map(event -> new String(event.json(), StandardCharsets.UTF_8))
                .toList();
    }
}
