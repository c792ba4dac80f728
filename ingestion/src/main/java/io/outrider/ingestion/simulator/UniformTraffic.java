package io.outrider.ingestion.simulator;

import io.outrider.core.event.Transaction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The stream of the system that Outrider replaces: one event every 0.1 to 0.5 s, users 1000 to 5000, amounts uniform
 * from 10 to 1,000, one in a hundred anomalous with 5,000 to 20,000; six-digit ids that repeat by chance, times without
 * a zone.
 */
final class UniformTraffic implements Traffic {

    private static final long MINUTE_MS = 60_000;
    private static final String[] DEVICES = {"mobile", "desktop", "tablet"};
    private static final DateTimeFormatter ZONELESS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS", Locale.ROOT);

    private final long seed;

    UniformTraffic(long seed) {
        this.seed = seed;
    }

    @Override
    public long sliceMs() {
        return MINUTE_MS;
    }

    @Override
    public List<SimulatedEvent> slice(long minute) {
        SimulatorRandom random = SimulatorRandom.of(seed, 8, minute);
        List<SimulatedEvent> events = new ArrayList<>();
        long endMs = (minute + 1) * MINUTE_MS;
        long timeMs = minute * MINUTE_MS + random.nextInt(400);
        while (timeMs < endMs) {
            events.add(event(timeMs, random));
            timeMs += 100 + random.nextInt(400);
        }
        return events;
    }

    private static SimulatedEvent event(long timeMs, SimulatorRandom random) {
        boolean anomalous = random.chance(0.01);
        double amount = anomalous ? random.between(5_000, 20_000) : random.between(10, 1_000);
        int id = 100_000 + random.nextInt(900_000);
        Transaction transaction = new Transaction(
                String.valueOf(id),
                String.valueOf(1_000 + random.nextInt(4_001)),
                StrictMath.rint(amount * 100) / 100,
                timeMs,
                String.valueOf(1 + random.nextInt(100)),
                DEVICES[random.nextInt(DEVICES.length)],
                Habits.network(random),
                null,
                anomalous);
        return new SimulatedEvent(transaction, anomalous ? AnomalyKind.AMOUNT_SPIKE : null, json(id, transaction));
    }

    /** Numbers and text need no escaping here, and the id is a number on this wire. */
    private static byte[] json(int id, Transaction event) {
        String time = LocalDateTime.ofInstant(Instant.ofEpochMilli(event.eventTimeMs()), ZoneOffset.UTC)
                .format(ZONELESS);
        String text = "{\"transaction_id\":" + id + ",\"user_id\":\"" + event.account() + "\",\"amount\":"
                + event.amount() + ",\"timestamp\":\"" + time + "\",\"ip_address\":\"" + event.network()
                + "\",\"device_type\":\"" + event.device() + "\",\"merchant_id\":\"" + event.merchant()
                + "\",\"is_fraud\":" + event.fraud() + "}";
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
