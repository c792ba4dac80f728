package io.outrider.core.feature;

import io.outrider.core.event.EventSchema;
import java.util.List;

/**
 * A plan as its HOCON says, compiled and validated by {@link PlanReader}.
 *
 * @param name the plan's name
 * @param words how reasons call things
 * @param windows its rolling windows, in the file's order
 * @param amounts how many last amounts are kept, at least 1
 * @param horizon over how many events mean and variance look back, at least 1
 * @param merchants how many merchants are remembered, at least 1; devices, networks and ids likewise
 * @param prior the population's usual amounts, for young accounts
 * @param surge what counts as a surge of an account's amounts
 * @param features the entries of the vector, in order
 */
record PlanSettings(
        String name,
        Words words,
        EventSchema schema,
        Window[] windows,
        int amounts,
        int horizon,
        int merchants,
        int devices,
        int networks,
        int ids,
        Prior prior,
        Surge surge,
        List<FeatureSpec> features) {

    /**
     * The usual amounts of the population, toward which a young account's own are shrunk.
     *
     * @param center a typical amount
     * @param spread a typical standard deviation within an account, above 0
     * @param events how many events of an account weigh as much as the population, above 0
     * @param floor the least spread that deviations are measured in, above 0: below it differences are not worth talking about
     */
    record Prior(double center, double spread, double events, double floor) {}

    /**
     * A surge is an amount that lies more than {@code threshold} deviations above the account's median, a deviation
     * being the robust one or {@code relativeFloor} of the median, whichever is larger.
     *
     * @param windows rings in which surges are counted
     */
    record Surge(double threshold, double relativeFloor, Window[] windows) {}
}
