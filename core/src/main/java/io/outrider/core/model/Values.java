package io.outrider.core.model;

/**
 * Which values a feature can have.
 *
 * @param yesOrNo only 1 and 0
 * @param whole only whole numbers
 * @param least none below
 */
public record Values(boolean yesOrNo, boolean whole, double least) {

    /** Every number. */
    public static final Values ANY = new Values(false, false, Double.NEGATIVE_INFINITY);

    /** 1 and 0. */
    public static final Values YES_OR_NO = new Values(true, true, 0);

    /** Whole numbers from {@code least} on. */
    public static Values wholeFrom(int least) {
        return new Values(false, true, least);
    }
}
