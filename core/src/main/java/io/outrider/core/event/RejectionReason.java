package io.outrider.core.event;

/** Every way in which an event can be bad. The wire name stands in dead letters and in metrics and never changes. */
public enum RejectionReason {
    /** The bytes are not one JSON object. */
    NOT_JSON("not-json"),
    /** A required field is absent or null. */
    MISSING_FIELD("missing-field"),
    /** A field has a type that cannot be read as the one expected. */
    WRONG_TYPE("wrong-type"),
    /** A field has the right type and a value that it cannot have. */
    WRONG_VALUE("wrong-value"),
    /** The amount is below zero, where the schema forbids it. */
    NEGATIVE_AMOUNT("negative-amount"),
    /** The amount is NaN, infinite or overflows a double. */
    NON_FINITE_AMOUNT("non-finite-amount"),
    /** The timestamp is not ISO-8601. */
    UNPARSEABLE_TIMESTAMP("unparseable-timestamp"),
    /** The event time lies further after the append time than the schema tolerates. */
    FAR_FUTURE("far-future"),
    /** The record is larger than 64 KiB. */
    OVERSIZED("oversized"),
    /** The account is the empty string or only white space. */
    EMPTY_ACCOUNT("empty-account"),
    /** The record lies on another partition than its account's. */
    WRONG_PARTITION("wrong-partition");

    private final String wireName;

    RejectionReason(String wireName) {
        this.wireName = wireName;
    }

    /** The name used outside: lower case, words joined by hyphens. */
    public String wireName() {
        return wireName;
    }
}
