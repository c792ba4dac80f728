package io.outrider.app.local;

import io.outrider.core.alert.Alert;
import io.outrider.core.port.AlertFeed;
import io.outrider.ingestion.simulator.SimulatorSettings;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Flow;

/** What {@code local} says to the person in front of it: its steps, its address, then one line per alert. */
final class LocalPrinter {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("MM-dd HH:mm:ss", Locale.ROOT);

    private final PrintWriter out;
    private final long startedNanos = System.nanoTime();

    LocalPrinter(PrintWriter out) {
        this.out = out;
    }

    void step(String what, String detail) {
        out.printf(Locale.ROOT, "%5.1f s  %-8s %s%n", (System.nanoTime() - startedNanos) / 1e9, what, detail);
        out.flush();
    }

    /** {@code 1 day}, {@code 30 days}. */
    static String days(Duration duration) {
        return duration.toDays() == 1 ? "1 day" : duration.toDays() + " days";
    }

    void ready(int port, int kafkaPort, LocalOptions options) {
        step("ready", "");
        out.println();
        out.println("  console   http://127.0.0.1:" + port);
        out.println("  alerts    curl -N http://127.0.0.1:" + port + "/api/v1/alerts/stream");
        out.println("  kafka     127.0.0.1:" + kafkaPort + "  (topic transactions)");
        out.println("  data      " + options.dataDir().toAbsolutePath().normalize());
        out.println();
        out.println(
                options.simulate()
                        ? "Simulated traffic is running; alerts follow. Ctrl-C ends it."
                        : "Waiting for events; alerts follow. Ctrl-C ends it.");
        out.flush();
    }

    /**
     * Says how simulated time runs. A habit of a few events a day gives many a second only if days pass quickly; and
     * simulated time never passes the clock, because an event from the future is a bad one.
     */
    void simulatedTime(Instant from, double eventsPerSecond, SimulatorSettings world) {
        double perSecond =
                world.accounts() * world.eventsPerDay() / Duration.ofDays(1).toSeconds();
        double speed = Math.max(1, eventsPerSecond / perSecond);
        double hours = Duration.between(from, Instant.now()).toMinutes() / 60.0 / speed;
        out.println(
                eventsPerSecond == 0
                        ? "Simulated time starts at " + from
                                + " and runs as fast as it goes, until it has caught up with the clock."
                        : String.format(
                                Locale.ROOT,
                                "Simulated time starts at %s and runs %,.0f times faster than the clock, for about %.1f hours; then it has"
                                        + " caught up, and traffic slows to %.2f events/s.",
                                from,
                                speed,
                                hours,
                                perSecond));
        out.flush();
    }

    /**
     * Prints alerts as they arrive, leaving out those of the past that accounts were given.
     *
     * @param subject what the plan calls an account
     */
    void alerts(AlertFeed feed, Instant from, String subject) {
        feed.stream(null).subscribe(new Lines(from.toEpochMilli(), subject));
    }

    private void line(Alert alert, String subject) {
        out.printf(
                Locale.ROOT,
                "%s  %-8s %s %-12s %s%n",
                TIME.format(
                        Instant.ofEpochMilli(alert.transaction().eventTimeMs()).atZone(ZoneId.systemDefault())),
                alert.severity().name().toLowerCase(Locale.ROOT),
                subject,
                printable(alert.transaction().account()),
                printable(String.join("; ", alert.reasons())));
        out.flush();
    }

    /** Data comes from outside: nothing in it may steer a terminal. */
    private static String printable(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\x{2028}\\x{2029}]", "?");
    }

    private final class Lines implements Flow.Subscriber<AlertFeed.Item> {

        private final long fromMs;
        private final String subject;

        Lines(long fromMs, String subject) {
            this.fromMs = fromMs;
            this.subject = subject;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            given.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(AlertFeed.Item item) {
            if (item.alert().transaction().eventTimeMs() >= fromMs) {
                line(item.alert(), subject);
            }
        }

        @Override
        public void onError(Throwable failure) {
            out.println("(alerts are no longer printed here: " + failure.getMessage() + ")");
            out.flush();
        }

        @Override
        public void onComplete() {}
    }
}
