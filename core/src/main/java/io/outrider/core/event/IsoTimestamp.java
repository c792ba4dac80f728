package io.outrider.core.event;

/**
 * Reads ISO-8601 date-times in the extended format straight from characters: {@code 2018-04-01T00:00:31}, a blank or
 * {@code t} instead of {@code T}, seconds and a fraction (point or comma, up to nine digits, cut to milliseconds)
 * optional, then {@code Z}, an offset ({@code +02}, {@code +0200}, {@code +02:00}) or nothing, which means UTC. Years
 * 0000 to 9999; a date without a time of day is not an event time.
 *
 * <p>Written by hand to spare every event the objects that {@code java.time}'s parser makes. One
 * instance per thread.
 */
final class IsoTimestamp {

    /** What {@link #parse} returns for text that is no date-time; no valid year yields it. */
    static final long INVALID = Long.MIN_VALUE;

    private static final long DAY_MS = 86_400_000L;

    private char[] text = new char[0];
    private int at;
    private int end;

    /** Milliseconds since the epoch, or {@link #INVALID}. */
    long parse(char[] characters, int offset, int length) {
        text = characters;
        at = offset;
        end = offset + length;
        long dayMs = date();
        if (dayMs == INVALID || !(accept('T') || accept('t') || accept(' '))) {
            return INVALID;
        }
        long timeMs = timeOfDay();
        if (timeMs == INVALID) {
            return INVALID;
        }
        long offsetMs = zoneOffset();
        return offsetMs == INVALID || at != end ? INVALID : dayMs + timeMs - offsetMs;
    }

    private long date() {
        int year = digits(4);
        boolean first = accept('-');
        int month = digits(2);
        boolean second = accept('-');
        int day = digits(2);
        boolean valid = first && second && year >= 0 && month >= 1 && month <= 12 && day >= 1;
        return valid && day <= daysIn(year, month) ? epochDay(year, month, day) * DAY_MS : INVALID;
    }

    private long timeOfDay() {
        int hour = digits(2);
        if (hour < 0 || hour > 23 || !accept(':')) {
            return INVALID;
        }
        int minute = digits(2);
        if (minute < 0 || minute > 59) {
            return INVALID;
        }
        long ms = (hour * 60L + minute) * 60_000L;
        if (!accept(':')) {
            return ms;
        }
        int second = digits(2);
        if (second < 0 || second > 59) {
            return INVALID;
        }
        ms += second * 1000L;
        if (!accept('.') && !accept(',')) {
            return ms;
        }
        int fraction = fractionMs();
        return fraction < 0 ? INVALID : ms + fraction;
    }

    private int fractionMs() {
        int ms = 0;
        int read = 0;
        int scale = 100;
        for (; read < 9 && at < end && text[at] >= '0' && text[at] <= '9'; at++, read++) {
            ms += (text[at] - '0') * scale;
            scale /= 10;
        }
        return read == 0 ? -1 : ms;
    }

    private long zoneOffset() {
        if (at == end || accept('Z') || accept('z')) {
            return 0;
        }
        int sign = accept('+') ? 1 : accept('-') ? -1 : 0;
        int hours = digits(2);
        if (sign == 0 || hours < 0 || hours > 18) {
            return INVALID;
        }
        boolean minutesFollow = accept(':') || at < end;
        int minutes = minutesFollow ? digits(2) : 0;
        return minutes < 0 || minutes > 59 ? INVALID : sign * (hours * 60L + minutes) * 60_000L;
    }

    private boolean accept(char expected) {
        if (at < end && text[at] == expected) {
            at++;
            return true;
        }
        return false;
    }

    private int digits(int count) {
        if (end - at < count) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < count; i++) {
            int digit = text[at + i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        at += count;
        return value;
    }

    private static int daysIn(int year, int month) {
        return switch (month) {
            case 2 -> year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
            case 4, 6, 9, 11 -> 30;
            default -> 31;
        };
    }

    /**
     * Days since 1970-01-01 in the proleptic Gregorian calendar; years begin in March so that the leap day comes
     * last.
     */
    private static long epochDay(int year, int month, int day) {
        long y = month <= 2 ? year - 1L : year;
        long era = Math.floorDiv(y, 400L);
        long yearOfEra = y - era * 400;
        long dayOfYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097 + dayOfEra - 719_468;
    }
}
