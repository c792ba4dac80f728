package io.outrider.http.api;

import io.outrider.core.port.AccountQueries;
import io.outrider.core.port.AlertFeed;
import java.time.Clock;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code monitoring/population}: how transactions are distributed, ordinary ones beside flagged ones. */
final class PopulationRoutes extends AllDirectives {

    /** Enough for shapes to be steady, few enough to be read at once. */
    private static final int ACCOUNTS = 1_000;

    private static final int ALERTS = 1_000;

    private final AccountQueries accounts;
    private final AlertFeed alerts;
    private final Clock clock;

    PopulationRoutes(AccountQueries accounts, AlertFeed alerts, Clock clock) {
        this.accounts = accounts;
        this.alerts = alerts;
        this.clock = clock;
    }

    Route route() {
        return pathPrefix(
                "monitoring", () -> path("population", () -> get(() -> extractRequest(request -> population()))));
    }

    private Route population() {
        return completeWithFuture(accounts.accounts(null, ACCOUNTS).thenApply(views -> {
            var population = new Population();
            views.forEach(population::add);
            alerts.page(null, null, ALERTS).items().forEach(population::add);
            return Json.ok(json -> population.write(json, clock.millis()));
        }));
    }
}
