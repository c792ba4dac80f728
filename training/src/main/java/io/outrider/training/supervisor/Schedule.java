package io.outrider.training.supervisor;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;

/**
 * When a kind of run is due: a cron expression of five fields (minute, hour, day of month, month, day of week) in a time
 * zone. Where clocks change it does what cron does: a time of day that is left out is due at the moment when clocks go
 * forward, one that comes twice is due once, at its first coming; and a schedule for every hour, or every so many, goes on as
 * hours pass. Immutable.
 */
final class Schedule {

    /** More firings than that are not counted one by one. */
    private static final int MOST_COUNTED = 1_000;

    private final String cron;
    private final ZoneId zone;
    private final ExecutionTime times;
    private final boolean hasHours;

    /**
     * Firings that have come since one looked last.
     *
     * @param at the newest of them
     * @param firings how many; at least so many where it is 1,000
     */
    record Due(Instant at, int firings) {}

    /** IllegalArgumentException if the expression is none. */
    Schedule(String cron, ZoneId zone) {
        this.cron = cron;
        this.zone = zone;
        this.times = ExecutionTime.forCron(
                new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX)).parse(cron));
        this.hasHours = !cron.strip().split("\\s+", -1)[1].contains("*");
    }

    String cron() {
        return cron;
    }

    ZoneId zone() {
        return zone;
    }

    /** The first firing after a moment; empty if there never is one, such as on 30 February. */
    Optional<Instant> next(Instant after) {
        Optional<Instant> next = times.nextExecution(after.atZone(zone)).map(ZonedDateTime::toInstant);
        return hasHours && next.isPresent() ? Optional.of(leftOut(after, next.get())) : next;
    }

    /** The change of clocks before the next firing that leaves a firing out; otherwise that. */
    private Instant leftOut(Instant after, Instant next) {
        ZoneRules rules = zone.getRules();
        for (ZoneOffsetTransition change = rules.nextTransition(after);
                change != null && change.getInstant().isBefore(next);
                change = rules.nextTransition(change.getInstant())) {
            if (change.isGap() && firesBetween(change.getDateTimeBefore(), change.getDateTimeAfter())) {
                return change.getInstant();
            }
        }
        return next;
    }

    /** By the clock on the wall, the first included. */
    private boolean firesBetween(LocalDateTime from, LocalDateTime to) {
        return times.nextExecution(from.minusNanos(1).atZone(ZoneOffset.UTC))
                .filter(at -> at.toLocalDateTime().isBefore(to))
                .isPresent();
    }

    /** What fired after {@code since}, up to and with {@code now}. */
    Optional<Due> due(Instant since, Instant now) {
        Due due = null;
        Optional<Instant> next = next(since);
        while (next.isPresent() && !next.get().isAfter(now)) {
            due = new Due(next.get(), due == null ? 1 : due.firings() + 1);
            if (due.firings() == MOST_COUNTED) {
                return Optional.of(new Due(last(now), MOST_COUNTED));
            }
            next = next(next.get());
        }
        return Optional.ofNullable(due);
    }

    private Instant last(Instant now) {
        return times.lastExecution(now.plusMillis(1).atZone(zone)).orElseThrow().toInstant();
    }
}
