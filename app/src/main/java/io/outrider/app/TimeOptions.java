package io.outrider.app;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** How every command's durations, days and times are read. What is written otherwise is answered with an example of the form. */
final class TimeOptions {

    private TimeOptions() {}

    static CommandLine registeredWith(CommandLine commands) {
        return commands.registerConverter(
                        Duration.class,
                        text -> read(
                                text, Duration::parse, "duration: P7D are seven days, PT12H twelve hours, PT0S none"))
                .registerConverter(LocalDate.class, text -> read(text, LocalDate::parse, "day like 2026-01-31"))
                .registerConverter(Instant.class, text -> read(text, Instant::parse, "time like 2026-01-31T00:00:00Z"));
    }

    private static <T> T read(String text, Function<String, T> parser, String form) {
        try {
            return parser.apply(text);
        } catch (DateTimeParseException e) {
            throw new TypeConversionException("'" + text + "' is no " + form);
        }
    }
}
