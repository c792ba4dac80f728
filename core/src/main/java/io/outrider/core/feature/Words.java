package io.outrider.core.feature;

/**
 * How a plan's reasons call things; for people only, so no part of its fingerprint.
 *
 * @param subject what an account is ("account", "user", "sensor")
 * @param amount what an amount is ("amount", "reading")
 * @param unit unit of the amount ("bytes"), empty if there is none or it differs from event to event
 * @param decimals how many decimals of an amount are told, from 0 to 6
 */
public record Words(String subject, String amount, String unit, int decimals) {

    /** What a plan that says nothing gets. */
    static final Words DEFAULT = new Words("account", "amount", "", 2);
}
