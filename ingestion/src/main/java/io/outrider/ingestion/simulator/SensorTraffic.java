package io.outrider.ingestion.simulator;

import io.outrider.core.event.EventSchema;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionEncoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Sensors that report at a steady pace a value with a daily swing and noise. Faults: a spike (one reading far off), a
 * burst (many readings within minutes), and a slow drift away over a day and back at once.
 */
final class SensorTraffic implements Traffic {

    private static final long HOUR_MS = HabitTraffic.HOUR_MS;
    private static final long DAY_MS = 24 * HOUR_MS;

    private final SimulatorSettings settings;
    private final TransactionEncoder encoder;
    private final int readingsPerHour;

    SensorTraffic(SimulatorSettings settings, EventSchema schema) {
        this.settings = settings;
        this.encoder = new TransactionEncoder(schema);
        this.readingsPerHour = Math.max(1, (int) StrictMath.rint(settings.eventsPerDay() / 24));
    }

    @Override
    public long sliceMs() {
        return HOUR_MS;
    }

    private record Reading(
            long timeMs, int sensor, double value, @Nullable AnomalyKind anomaly) {}

    @Override
    public List<SimulatedEvent> slice(long epochHour) {
        List<Reading> readings = new ArrayList<>();
        for (int sensor = 0; sensor < settings.accounts(); sensor++) {
            hour(sensor, epochHour, readings);
        }
        readings.sort(Comparator.comparingLong(Reading::timeMs).thenComparingInt(Reading::sensor));
        List<SimulatedEvent> events = new ArrayList<>(readings.size());
        for (int i = 0; i < readings.size(); i++) {
            events.add(event(readings.get(i), "R" + Long.toString(epochHour, 36) + "-" + i));
        }
        return events;
    }

    private void hour(int sensor, long epochHour, List<Reading> readings) {
        SimulatorRandom own = SimulatorRandom.of(settings.seed(), 5, sensor);
        double base = own.between(10, 30);
        double swing = own.between(1, 6);
        double noise = own.between(0.1, 0.4);
        SimulatorRandom random = SimulatorRandom.of(settings.seed(), 6, sensor, epochHour);
        double drift = drift(sensor, epochHour) * noise;
        double hourlyFaults = readingsPerHour * settings.anomalyShare();
        boolean spikes = random.chance(hourlyFaults * 0.4);
        boolean bursts = random.chance(hourlyFaults * 0.3 / AnomalyKind.BURST.eventsEach());
        int spikeAt = spikes ? random.nextInt(readingsPerHour) : -1;
        for (int i = 0; i < readingsPerHour; i++) {
            long timeMs = epochHour * HOUR_MS + HOUR_MS * i / readingsPerHour + random.nextInt(2_000);
            double value = value(base, swing, timeMs) + noise * random.gaussian() + drift;
            if (i == spikeAt) {
                double off =
                        random.between(20, 60) * noise * (random.chance(0.5) ? 1 : -1) + StrictMath.copySign(swing, 1);
                readings.add(new Reading(timeMs, sensor, value + off, AnomalyKind.AMOUNT_SPIKE));
            } else {
                readings.add(new Reading(timeMs, sensor, value, drift == 0 ? null : AnomalyKind.SLOW_DRAIN));
            }
        }
        if (bursts) {
            long timeMs = epochHour * HOUR_MS + random.nextInt((int) (HOUR_MS / 2));
            for (int i = 0; i < AnomalyKind.BURST.eventsEach(); i++) {
                timeMs += 1_000 + random.nextInt(10_000);
                double value = value(base, swing, timeMs) + noise * random.gaussian();
                readings.add(new Reading(timeMs, sensor, value, AnomalyKind.BURST));
            }
        }
    }

    private static double value(double base, double swing, long timeMs) {
        double phase = 2 * StrictMath.PI * Math.floorMod(timeMs, DAY_MS) / DAY_MS;
        return base + swing * StrictMath.sin(phase);
    }

    /** How far the sensor has drifted in this hour, in standard deviations of its noise. */
    private double drift(int sensor, long epochHour) {
        long day = Math.floorDiv(epochHour, 24);
        boolean drifts = SimulatorRandom.of(settings.seed(), 7, sensor, day).chance(settings.anomalyShare() * 0.3);
        return drifts ? 2.0 * (1 + Math.floorMod(epochHour, 24)) : 0;
    }

    private SimulatedEvent event(Reading reading, String id) {
        Transaction transaction = new Transaction(
                id,
                String.format(Locale.ROOT, "sensor-%05d", reading.sensor()),
                StrictMath.rint(reading.value() * 1_000) / 1_000,
                reading.timeMs(),
                null,
                null,
                null,
                null,
                reading.anomaly() != null);
        return new SimulatedEvent(transaction, reading.anomaly(), encoder.encode(transaction));
    }
}
