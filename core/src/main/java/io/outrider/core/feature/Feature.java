package io.outrider.core.feature;

/**
 * One entry of a feature vector.
 *
 * @param name stable identifier, snake_case, unique within the plan
 * @param words how people call it ("amount against the account's median")
 * @param unit unit of the value ("EUR", "robust deviations", "1"), for display
 * @param yesOrNo whether it is 1 or 0 and never anything between
 */
public record Feature(String name, String words, String unit, boolean yesOrNo) {}
