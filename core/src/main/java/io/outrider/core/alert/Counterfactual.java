package io.outrider.core.alert;

/**
 * The smallest change to a single feature that would have kept the score below the threshold, verified by scoring it.
 *
 * @param score the score after the change
 */
public record Counterfactual(String feature, String words, double from, double to, double score) {}
