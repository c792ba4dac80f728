package io.outrider.lake.capture;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;

/**
 * The text of {@code EnqueuedTimeUtc}. The service writes {@code 12/7/2018 10:22:49 AM}: US order, no fraction, UTC. ISO-8601
 * is read, too, with any fraction; without a zone it is UTC.
 */
final class EnqueuedTime {

    private static final DateTimeFormatter US = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .appendPattern("M/d/uuuu h:mm:ss a")
            .toFormatter(Locale.US);

    private static final DateTimeFormatter ISO = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
            .optionalStart()
            .appendOffsetId()
            .toFormatter(Locale.ROOT);

    private EnqueuedTime() {}

    /** Milliseconds since the epoch; DateTimeException, which quotes the text, if it is neither. */
    static long parse(String text) {
        if (text.indexOf('/') >= 0) {
            // Newer .NET separates AM and PM by a narrow no-break space.
            return LocalDateTime.parse(text.replace('\u202f', ' '), US)
                    .toInstant(ZoneOffset.UTC)
                    .toEpochMilli();
        }
        TemporalAccessor time = ISO.parseBest(text, Instant::from, LocalDateTime::from);
        if (time instanceof Instant instant) {
            return instant.toEpochMilli();
        }
        if (time instanceof LocalDateTime local) {
            return local.toInstant(ZoneOffset.UTC).toEpochMilli();
        }
        throw new DateTimeException("no time: '" + text + "'");
    }

    /** As the service writes it; what is below the second is cut. */
    static String format(long epochMs) {
        return US.format(LocalDateTime.ofEpochSecond(Math.floorDiv(epochMs, 1000L), 0, ZoneOffset.UTC));
    }
}
