package io.outrider.core.feature;

import io.outrider.core.event.Transaction;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Everything a feature can be; a plan picks from these by {@link #key}. A kind computes one number from the event,
 * the account's state before the event (its windows already moved to the event's time) and what is known across
 * accounts; NaN where it cannot be known. A new kind is a new line here, and {@link FeaturePlan#SEMANTICS_VERSION}
 * stays; changing what a line computes raises it.
 */
public enum FeatureKind {
    AMOUNT("amount", Takes.NOTHING, (f, s, e, k) -> e.amount()),
    LOG_AMOUNT("log-amount", Takes.NOTHING, (f, s, e, k) -> AmountFormulas.log(e.amount())),
    HOUR("hour", Takes.NOTHING, (f, s, e, k) -> TimeFormulas.hour(e.eventTimeMs())),
    HOUR_SIN("hour-sin", Takes.NOTHING, (f, s, e, k) -> TimeFormulas.hourSin(e.eventTimeMs())),
    HOUR_COS("hour-cos", Takes.NOTHING, (f, s, e, k) -> TimeFormulas.hourCos(e.eventTimeMs())),
    /** 1 while the hour is not after {@code number}. */
    NIGHT("night", Takes.HOUR, (f, s, e, k) -> TimeFormulas.fullHour(e.eventTimeMs()) <= f.number() ? 1 : 0),
    WEEKEND("weekend", Takes.NOTHING, (f, s, e, k) -> TimeFormulas.weekend(e.eventTimeMs())),

    EVENTS("events", Takes.NOTHING, (f, s, e, k) -> s.events),
    COUNT("count", Takes.WINDOW, AmountFormulas::count),
    MEAN("mean", Takes.WINDOW, AmountFormulas::mean),
    SECONDS_SINCE_LAST(
            "seconds-since-last",
            Takes.NOTHING,
            (f, s, e, k) -> s.events == 0 ? Double.NaN : Math.max(0, e.eventTimeMs() - s.newestMs) / 1000.0),

    ACCOUNT_MEAN("account-mean", Takes.NOTHING, (f, s, e, k) -> s.amounts.mean()),
    ACCOUNT_MEDIAN("account-median", Takes.NOTHING, (f, s, e, k) -> s.median),
    /** Share that the account's own habits have against the population's, in [0, 1). */
    CONFIDENCE(
            "confidence",
            Takes.NOTHING,
            (f, s, e, k) ->
                    s.amounts.weight() / (s.amounts.weight() + s.plan.prior().events())),
    Z("z", Takes.NOTHING, AmountFormulas::z),
    ROBUST_Z("robust-z", Takes.NOTHING, AmountFormulas::robustZ),
    RELATIVE_Z("relative-z", Takes.NOTHING, (f, s, e, k) -> AmountFormulas.relativeZ(s, e.amount())),
    SURGES("surges", Takes.SURGE_WINDOW, AmountFormulas::surges),
    SECONDS_SINCE_SURGE("seconds-since-surge", Takes.NOTHING, AmountFormulas::secondsSinceSurge),
    RATIO_TO_MEAN(
            "ratio-to-mean", Takes.NOTHING, (f, s, e, k) -> AmountFormulas.ratio(f, s, e.amount(), s.amounts.mean())),
    RATIO_TO_MEDIAN("ratio-to-median", Takes.NOTHING, (f, s, e, k) -> AmountFormulas.ratio(f, s, e.amount(), s.median)),
    RATIO_TO_MAX(
            "ratio-to-max", Takes.NOTHING, (f, s, e, k) -> AmountFormulas.ratio(f, s, e.amount(), s.amounts.max())),

    /** Merchants used within the window, this one among them, up to the plan's memory. */
    DISTINCT_MERCHANTS("distinct-merchants", Takes.WINDOW, NameFormulas::distinctMerchants),
    FIRST_AT_MERCHANT(
            "first-at-merchant", Takes.NOTHING, (f, s, e, k) -> NameFormulas.first(s.merchants, e.merchant())),
    FIRST_ON_DEVICE("first-on-device", Takes.NOTHING, (f, s, e, k) -> NameFormulas.first(s.devices, e.device())),
    FIRST_FROM_NETWORK(
            "first-from-network", Takes.NOTHING, (f, s, e, k) -> NameFormulas.first(s.networks, e.network())),
    /** Device changes within the last {@code number} events that named a device, this one among them. */
    DEVICE_SWITCHES("device-switches", Takes.EVENTS, NameFormulas::deviceSwitches),
    REPEATED_ID("repeated-id", Takes.NOTHING, (f, s, e, k) -> s.ids.contains(e.transactionId()) ? 1 : 0),

    MERCHANT_VOLUME("merchant-volume", Takes.DAYS, (f, s, e, k) -> RiskFormulas.volume(f, k)),
    MERCHANT_VERDICTS("merchant-verdicts", Takes.DAYS, (f, s, e, k) -> RiskFormulas.verdicts(f, k)),
    MERCHANT_FRAUDS("merchant-frauds", Takes.DAYS, (f, s, e, k) -> RiskFormulas.frauds(f, k)),
    MERCHANT_FRAUD_SHARE("merchant-fraud-share", Takes.DAYS, (f, s, e, k) -> RiskFormulas.share(f, k)),
    /** The share of frauds, smoothed by {@code number} verdicts of the base rate. */
    MERCHANT_RISK("merchant-risk", Takes.DAYS_AND_STRENGTH, (f, s, e, k) -> RiskFormulas.risk(f, k)),
    MERCHANT_KNOWN_TOTAL("merchant-known-total", Takes.NOTHING, (f, s, e, k) -> RiskFormulas.knownTotal(k)),
    MERCHANT_FRAUD_RUN("merchant-fraud-run", Takes.NOTHING, (f, s, e, k) -> RiskFormulas.fraudRun(k)),
    /** Frauds on amounts that were usual for their accounts, within 30 days. */
    MERCHANT_USUAL_FRAUDS("merchant-usual-frauds", Takes.NOTHING, (f, s, e, k) -> RiskFormulas.usualFrauds(k)),
    MERCHANT_USUAL_FRAUD_RUN("merchant-usual-fraud-run", Takes.NOTHING, (f, s, e, k) -> RiskFormulas.usualFraudRun(k)),
    MERCHANT_RUN_AGE("merchant-run-age", Takes.NOTHING, (f, s, e, k) -> RiskFormulas.runAge(e, k)),
    MERCHANT_RUN_AGE_UPPER("merchant-run-age-upper", Takes.NOTHING, (f, s, e, k) -> RiskFormulas.runAgeUpper(e, k)),
    MERCHANT_SECONDS_SINCE_FRAUD(
            "merchant-seconds-since-fraud", Takes.NOTHING, (f, s, e, k) -> RiskFormulas.sinceFraud(e, k)),
    MERCHANT_SECONDS_SINCE_GENUINE(
            "merchant-seconds-since-genuine", Takes.NOTHING, (f, s, e, k) -> RiskFormulas.sinceGenuine(e, k)),
    ACCOUNT_FRAUDS("account-frauds", Takes.DAYS, (f, s, e, k) -> RiskFormulas.accountFrauds(f, k)),
    ACCOUNT_SECONDS_SINCE_FRAUD(
            "account-seconds-since-fraud", Takes.NOTHING, (f, s, e, k) -> RiskFormulas.sinceAccountFraud(e, k));

    private static final Set<FeatureKind> ACROSS_ACCOUNTS =
            Collections.unmodifiableSet(EnumSet.range(MERCHANT_VOLUME, ACCOUNT_SECONDS_SINCE_FRAUD));

    private static final Set<FeatureKind> OF_THE_MERCHANT =
            Collections.unmodifiableSet(EnumSet.range(MERCHANT_VOLUME, MERCHANT_SECONDS_SINCE_GENUINE));

    /** Those that measure against the population too where the plan says {@code shrunk}; no other may say it. */
    private static final Set<FeatureKind> SHRINKING =
            Collections.unmodifiableSet(EnumSet.of(Z, ROBUST_Z, RATIO_TO_MEAN, RATIO_TO_MEDIAN, RATIO_TO_MAX));

    private static final Set<FeatureKind> YES_OR_NO = Collections.unmodifiableSet(
            EnumSet.of(NIGHT, WEEKEND, FIRST_AT_MERCHANT, FIRST_ON_DEVICE, FIRST_FROM_NETWORK, REPEATED_ID));

    private static final Set<FeatureKind> COUNTS = Collections.unmodifiableSet(EnumSet.of(
            EVENTS,
            COUNT,
            SURGES,
            DISTINCT_MERCHANTS,
            DEVICE_SWITCHES,
            MERCHANT_VOLUME,
            MERCHANT_VERDICTS,
            MERCHANT_FRAUDS,
            MERCHANT_KNOWN_TOTAL,
            MERCHANT_FRAUD_RUN,
            MERCHANT_USUAL_FRAUDS,
            MERCHANT_USUAL_FRAUD_RUN,
            ACCOUNT_FRAUDS));

    private static final Set<FeatureKind> OF_THE_EVENT = Collections.unmodifiableSet(EnumSet.range(AMOUNT, WEEKEND));

    private static final Set<FeatureKind> GROWING =
            Collections.unmodifiableSet(EnumSet.of(EVENTS, MERCHANT_KNOWN_TOTAL));

    private final String key;
    private final Takes takes;

    @SuppressWarnings("ImmutableEnumChecker") // a formula is a static method or a lambda that captures nothing
    private final Formula formula;

    FeatureKind(String key, Takes takes, Formula formula) {
        this.key = key;
        this.takes = takes;
        this.formula = formula;
    }

    /** The name in a plan's HOCON. */
    String key() {
        return key;
    }

    Takes takes() {
        return takes;
    }

    /** Whether it needs what is known across accounts. */
    boolean needsRisk() {
        return ACROSS_ACCOUNTS.contains(this);
    }

    /** Whether it is about the merchant, whoever's event it is. */
    public boolean isOfTheMerchant() {
        return OF_THE_MERCHANT.contains(this);
    }

    /** Whether it can measure an account by the population too. */
    boolean canBeShrunk() {
        return SHRINKING.contains(this);
    }

    /** Whether its value is 1 or 0 and never anything between. */
    boolean isYesOrNo() {
        return YES_OR_NO.contains(this);
    }

    /** Whether it counts something, so that its values are whole numbers and not negative. */
    boolean isCount() {
        return COUNTS.contains(this);
    }

    /** Whether a plan can have the event itself count in the window or not. */
    boolean canCountItself() {
        return this == COUNT || this == MEAN;
    }

    /** Whether only the event itself counts, and nothing before it. */
    boolean isOfTheEvent() {
        return OF_THE_EVENT.contains(this);
    }

    /** How its values go on in a world without change. */
    Feature.Memory.Course course() {
        if (GROWING.contains(this)) {
            return Feature.Memory.Course.GROWING;
        }
        return switch (this) {
            case WEEKEND -> Feature.Memory.Course.WEEKLY;
            case HOUR, HOUR_SIN, HOUR_COS, NIGHT -> Feature.Memory.Course.DAILY;
            default -> Feature.Memory.Course.LEVEL;
        };
    }

    double compute(FeatureSpec spec, FeatureState state, Transaction event, Known known) {
        return formula.compute(spec, state, event, known);
    }

    /** What a kind must be told in the plan. */
    enum Takes {
        NOTHING,
        /** {@code window}: the name of one of the plan's windows. */
        WINDOW,
        /** {@code window}: the name of one of the windows under {@code surge}. */
        SURGE_WINDOW,
        /** {@code days}: 1, 7 or 30. */
        DAYS,
        /** {@code number}: an hour of the day, 0 to 23. */
        HOUR,
        /** {@code number}: how many events, 1 to 64. */
        EVENTS,
        /** {@code days}, and {@code number}: a weight above 0. */
        DAYS_AND_STRENGTH;

        boolean days() {
            return this == DAYS || this == DAYS_AND_STRENGTH;
        }

        boolean number() {
            return this == HOUR || this == EVENTS || this == DAYS_AND_STRENGTH;
        }
    }

    /** One feature's number. */
    @FunctionalInterface
    interface Formula {
        double compute(FeatureSpec spec, FeatureState state, Transaction event, Known known);
    }
}
