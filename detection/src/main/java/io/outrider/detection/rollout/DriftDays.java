package io.outrider.detection.rollout;

import io.outrider.core.drift.DriftCounts;
import io.outrider.core.drift.DriftWindow;
import io.outrider.core.drift.Period;
import io.outrider.lake.rollout.DriftFiles;
import java.io.IOException;
import java.util.List;

/** What nodes counted, by day: features as one champion saw them, fields whatever model decided. Calls block. */
final class DriftDays {

    /** The share of a day's traffic that a champion must have seen for the day to be a whole one of its. */
    private static final double WHOLE = 0.99;

    /** The history behind a day that is no whole one. */
    private static final long NOT_WHOLE = -1;

    private final DriftFiles files;
    private final List<String> champions;
    private final List<String> others;
    private final DriftCounts none;
    private final long firstHour;
    private final long beganMs;

    /**
     * A day.
     *
     * @param features as the champion saw them
     * @param seen whether it saw all of the day's traffic, by and large
     * @param fields under all models
     * @param whole whether the day began after counting did
     */
    record Day(Period features, boolean seen, DriftCounts fields, boolean whole) {

        /** A part of a day, in which hours of the day are missing: only what an event tells by itself can be tested. */
        Day part() {
            return new Day(new Period(features.counts(), NOT_WHOLE), false, fields, false);
        }
    }

    /**
     * @param none nothing counted, in the bins of the champion's reference
     * @param beganMs when history began, with the system's first model
     */
    DriftDays(DriftFiles files, String champion, DriftCounts none, long beganMs) throws IOException {
        this.files = files;
        this.none = none;
        this.beganMs = beganMs;
        List<String> names = files.names();
        this.firstHour = DriftFiles.firstHour(names);
        this.champions = names.stream().filter(files.of(champion)).toList();
        this.others = names.stream().filter(files.of(champion).negate()).toList();
    }

    Day of(DriftWindow window) throws IOException {
        DriftCounts counts = files.sum(champions, window::has, none);
        DriftCounts fields = counts.withoutColumns().plus(files.fields(others, window::has));
        boolean seen = counts.events() >= WHOLE * fields.events();
        long historyMs = seen ? window.fromMs() - beganMs : NOT_WHOLE;
        return new Day(new Period(counts, historyMs), seen, fields, firstHour < window.firstHour());
    }
}
