package io.outrider.core.alert;

/**
 * One feature's part in a score. Over all attributions, contributions sum to (score - expected score).
 *
 * @param feature the feature's name in the plan
 * @param words the feature in words
 * @param value the feature's value, NaN when missing (JSON null)
 * @param contribution signed part in the calibrated score, see {@link io.outrider.core.model.Model#explain}
 */
public record Attribution(String feature, String words, double value, double contribution) {}
