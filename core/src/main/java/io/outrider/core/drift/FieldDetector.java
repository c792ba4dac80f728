package io.outrider.core.drift;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells which of the event's own fields have gone silent, and which have values that were never seen before. That needs no model,
 * so it is told from the counts under all of them, and a new champion blinds it for no hour.
 *
 * <p>A day is compared with the same day of the weeks before, taken together. Until there are {@value DriftDetector#MIN_WEEKS}
 * of them it is compared with the days just before, at least one. These are other weekdays, so less is told: a field must have
 * been there on every one of them, and, while they are no whole week, a new value must come ten times as often. And what is new or
 * silent is usual a day later, as soon as it is in the days before. Immutable.
 *
 * @param minEvents in window and baseline, below which nothing is told
 */
public record FieldDetector(long minEvents) {

    /** The least share of events that a field had whose silence is told. */
    private static final double LEAST_SHARE = 0.05;

    /** How many times rarer it must have become. */
    private static final double SILENCE = 10;

    private static final int LEAST_COUNT = 20;
    private static final int WEEKDAYS = 7;

    /**
     * Tests a window, a day.
     *
     * @param weeks the same day of the weeks before, of any number
     * @param days the whole days just before, at most a week of them; looked at only while weeks are too few
     */
    public List<String> test(DriftCounts window, List<DriftCounts> weeks, List<DriftCounts> days) {
        boolean weekly = weeks.size() >= DriftDetector.MIN_WEEKS;
        List<DriftCounts> baseline = weekly ? weeks : days;
        DriftCounts before =
                baseline.stream().map(DriftCounts::withoutColumns).reduce(DriftCounts.NO_FIELDS, DriftCounts::plus);
        List<String> sentences = new ArrayList<>();
        if (window.events() < minEvents || before.events() < minEvents) {
            return sentences;
        }
        String against = weekly
                ? ""
                : days.size() == 1 ? ", against the day before" : ", against " + days.size() + " days before";
        double leastOfEvents = weekly || days.size() >= WEEKDAYS ? 0.001 : 0.01;
        before.fields().keySet().stream().sorted().forEach(name -> {
            double usual = weekly ? share(before, name) : least(days, name);
            double now = share(window, name);
            if (usual >= LEAST_SHARE && now < usual / SILENCE) {
                sentences.add(String.format(
                        Locale.ROOT,
                        "field %s has gone silent: %.1f%% of the events carry it, where %.1f%% did%s",
                        name,
                        100 * now,
                        100 * usual,
                        against));
            }
            double leastCount = Math.max(LEAST_COUNT, leastOfEvents * window.events());
            newValues(field(window, name), field(before, name), leastCount)
                    .forEach((value, count) -> sentences.add(String.format(
                            Locale.ROOT, "field %s has a new value: %s, %d times%s", name, value, count, against)));
        });
        return sentences;
    }

    private static Map<String, Long> newValues(DriftCounts.Field is, DriftCounts.Field was, double leastCount) {
        Map<String, Long> found = new TreeMap<>(is.values());
        if (was.values().isEmpty()) {
            found.clear();
        }
        found.keySet().removeAll(was.values().keySet());
        found.values().removeIf(count -> count < leastCount);
        return found;
    }

    private static double least(List<DriftCounts> days, String name) {
        return days.stream().mapToDouble(day -> share(day, name)).min().orElse(0);
    }

    private static double share(DriftCounts counts, String name) {
        return counts.events() == 0 ? 0 : field(counts, name).present() / (double) counts.events();
    }

    private static DriftCounts.Field field(DriftCounts counts, String name) {
        return counts.fields().getOrDefault(name, new DriftCounts.Field(0, Map.of()));
    }
}
