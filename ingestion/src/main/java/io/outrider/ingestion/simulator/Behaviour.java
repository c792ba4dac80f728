package io.outrider.ingestion.simulator;

/**
 * How the accounts of one kind of world behave; what differs between card holders and users of a network.
 *
 * @param medianAmount of the median account
 * @param amountSpread of accounts' medians around that (standard deviation of the logarithm)
 * @param amountDecimals digits after the point
 * @param unfamiliarShare of events at a merchant (or host) outside the account's habits
 * @param foreignNetworkShare of events from a network other than the account's own
 * @param spikeFrom smallest factor of an amount spike over the account's median
 * @param spikeTo largest
 * @param accountPrefix what account names begin with
 * @param merchantPrefix what merchant names begin with
 * @param devices kinds of devices
 */
record Behaviour(
        double medianAmount,
        double amountSpread,
        int amountDecimals,
        double unfamiliarShare,
        double foreignNetworkShare,
        double spikeFrom,
        double spikeTo,
        String accountPrefix,
        String merchantPrefix,
        String[] devices) {

    static final Behaviour CARDS =
            new Behaviour(38, 0.7, 2, 0.08, 0.02, 10, 30, "C", "M", new String[] {"mobile", "desktop", "tablet"});

    static final Behaviour NETWORK_USERS = new Behaviour(
            250_000, 1.0, 0, 0.05, 0.03, 40, 200, "user-", "host-", new String[] {"laptop", "workstation", "phone"});
}
