package io.outrider.detection.store;

import io.outrider.core.alert.AlertFilter.Period;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;

/**
 * Where a case stands in the review queue. A cursor carries the period, the chances and the moment of the first page with it, so that
 * labels given between two pages do not shift the second one.
 */
record QueuePlace(boolean labelled, double value, long timeMs, String id) {

    static final Comparator<QueuePlace> FIRST_TO_LAST = Comparator.comparing(QueuePlace::labelled)
            .thenComparing(Comparator.comparingDouble(QueuePlace::value)
                    .thenComparingLong(QueuePlace::timeMs)
                    .thenComparing(QueuePlace::id)
                    .reversed());

    boolean isBehind(QueuePlace other) {
        return FIRST_TO_LAST.compare(this, other) > 0;
    }

    /** What a cursor says. */
    record Cursor(long asOfMs, Period period, double[] chances, QueuePlace after) {

        String token() {
            StringBuilder text = new StringBuilder("1 " + asOfMs + " " + period.fromMs() + " " + period.toMs());
            for (double chance : chances) {
                text.append(' ').append(Double.doubleToLongBits(chance));
            }
            text.append(' ').append(after.labelled).append(' ').append(Double.doubleToLongBits(after.value));
            text.append(' ').append(after.timeMs).append(' ').append(after.id);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(text.toString().getBytes(StandardCharsets.UTF_8));
        }

        /** IllegalArgumentException if it is none. */
        static Cursor parse(String token, int kinds) {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            String[] parts = text.split(" ", 8 + kinds);
            if (parts.length != 8 + kinds || !parts[0].equals("1")) {
                throw new IllegalArgumentException("no cursor of the review queue: " + token);
            }
            double[] chances = new double[kinds];
            for (int i = 0; i < kinds; i++) {
                chances[i] = Double.longBitsToDouble(Long.parseLong(parts[4 + i]));
            }
            int at = 4 + kinds;
            return new Cursor(
                    Long.parseLong(parts[1]),
                    new Period(Long.parseLong(parts[2]), Long.parseLong(parts[3])),
                    chances,
                    new QueuePlace(
                            Boolean.parseBoolean(parts[at]),
                            Double.longBitsToDouble(Long.parseLong(parts[at + 1])),
                            Long.parseLong(parts[at + 2]),
                            parts[at + 3]));
        }
    }
}
