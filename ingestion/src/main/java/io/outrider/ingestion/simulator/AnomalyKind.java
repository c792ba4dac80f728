package io.outrider.ingestion.simulator;

/** The kinds of anomaly that are injected, each as real fraud (or a real fault) comes. */
public enum AnomalyKind {
    /** One event of many times the account's usual amount. */
    AMOUNT_SPIKE(0, "amount-spike", 1, 0.30),
    /** Many events within minutes. */
    BURST(1, "burst", 14, 0.20),
    /** Someone else acts as the account: new device, new network, new merchants, larger amounts, within an hour or two. */
    TAKEOVER(2, "takeover", 4, 0.25),
    /** A merchant leaks for days: ordinary-looking events there, none of them the account's own. */
    COMPROMISED_MERCHANT(3, "compromised-merchant", 35, 0.10),
    /** A few moderate events a day at one unfamiliar merchant, for days. */
    SLOW_DRAIN(4, "slow-drain", 25, 0.15);

    private final int number;
    private final String wireName;
    private final double eventsEach;
    private final double share;

    AnomalyKind(int number, String wireName, double eventsEach, double share) {
        this.number = number;
        this.wireName = wireName;
        this.eventsEach = eventsEach;
        this.share = share;
    }

    /** The name used outside. */
    public String wireName() {
        return wireName;
    }

    /** Seeds the kind's own draws; never changes. */
    int number() {
        return number;
    }

    /** Events that one case of it has, on average. */
    double eventsEach() {
        return eventsEach;
    }

    /** Share of all anomalous events that are of this kind. */
    double share() {
        return share;
    }
}
