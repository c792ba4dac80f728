package io.outrider.core.drift;

import io.outrider.core.review.Share;
import java.util.Locale;

/**
 * The champion's precision by labels, lately and before: whether what it alerts on still is fraud, which no distribution tells.
 *
 * @param recent of alerts of the newest days that have labels
 * @param recentLabels how many of them have one
 * @param before of its alerts before that, or as the manifest says
 * @param beforeLabels labels behind that; 0 where it is the manifest's
 */
public record PrecisionChange(Share recent, long recentLabels, Share before, long beforeLabels) {

    /** Labels on either side, below which nothing is told. */
    public static final long MIN_LABELS = 20;

    /** Whether precision has fallen: with enough labels, the intervals have nothing in common. */
    public boolean fallen() {
        return recentLabels >= MIN_LABELS && recent.high() < before.low();
    }

    /** In words. */
    public String sentence() {
        return String.format(
                Locale.ROOT,
                "precision on labels has fallen: %.3f (%.3f to %.3f) of %d alerts, where it was %.3f (%.3f to %.3f)",
                recent.value(),
                recent.low(),
                recent.high(),
                recentLabels,
                before.value(),
                before.low(),
                before.high());
    }
}
