package io.outrider.ingestion.simulator;

import java.util.Locale;

/**
 * What one account usually does: how often, when, how much, where, on which devices, from which networks. A function of
 * the seed and the account's number. Immutable.
 */
final class Habits {

    private static final int MIN_FAVOURITES = 4;
    private static final int MORE_FAVOURITES = 14;
    private static final double DAY_HOURS = 24;

    final String account;
    final double eventsPerDay;
    final double medianAmount;
    final double amountSigma;
    final int[] favourites;
    final String[] devices;
    final String[] networks;
    private final double[] hourWeights = new double[(int) DAY_HOURS];
    private final double weekendFactor;

    Habits(long seed, int number, SimulatorSettings settings, Behaviour behaviour) {
        SimulatorRandom random = SimulatorRandom.of(seed, 1, number);
        account = behaviour.accountPrefix() + String.format(Locale.ROOT, "%06d", number);
        eventsPerDay = settings.eventsPerDay() * Math.min(6, random.logNormal(0.8, 0.65));
        medianAmount = random.logNormal(behaviour.medianAmount(), behaviour.amountSpread());
        amountSigma = random.between(0.25, 0.6);
        favourites = new int[MIN_FAVOURITES + random.nextInt(MORE_FAVOURITES)];
        for (int i = 0; i < favourites.length; i++) {
            favourites[i] = random.skewed(settings.merchants());
        }
        devices = new String[1 + random.nextInt(2)];
        for (int i = 0; i < devices.length; i++) {
            devices[i] = device(random, behaviour);
        }
        networks = new String[] {network(random), network(random)};
        weekendFactor = random.between(0.5, 1.4);
        weighHours(random);
    }

    /** A day with a main time and a second one, each a bell around the clock. */
    private void weighHours(SimulatorRandom random) {
        double main = 13 + 3 * random.gaussian();
        double second = 19 + 2 * random.gaussian();
        double width = random.between(1.5, 3.5);
        double sum = 0;
        for (int hour = 0; hour < hourWeights.length; hour++) {
            hourWeights[hour] = 0.01 + bell(hour - main, width) + 0.5 * bell(hour - second, width);
            sum += hourWeights[hour];
        }
        for (int hour = 0; hour < hourWeights.length; hour++) {
            hourWeights[hour] /= sum;
        }
    }

    private static double bell(double hours, double width) {
        double apart = StrictMath.abs(hours) % DAY_HOURS;
        double shorter = Math.min(apart, DAY_HOURS - apart);
        return StrictMath.exp(-0.5 * shorter * shorter / (width * width));
    }

    /** Events to expect in an hour since the epoch. */
    double expected(long epochHour) {
        long day = Math.floorDiv(epochHour, 24);
        boolean weekend = Math.floorMod(day + 3, 7) >= 5; // 1970-01-01 was a Thursday
        return eventsPerDay * hourWeights[Math.floorMod(epochHour, 24)] * (weekend ? weekendFactor : 1);
    }

    double amount(SimulatorRandom random, double factor, int decimals) {
        double scale = decimals == 0 ? 1 : 100;
        double amount = random.logNormal(medianAmount * factor, amountSigma);
        return Math.max(1, StrictMath.rint(amount * scale)) / scale;
    }

    static String device(SimulatorRandom random, Behaviour behaviour) {
        String kind = behaviour.devices()[random.nextInt(behaviour.devices().length)];
        return kind + "-" + Long.toString(random.nextLong() >>> 40, 36);
    }

    static String network(SimulatorRandom random) {
        return (11 + random.nextInt(190)) + "." + random.nextInt(256) + "." + random.nextInt(256) + "."
                + (1 + random.nextInt(254));
    }
}
