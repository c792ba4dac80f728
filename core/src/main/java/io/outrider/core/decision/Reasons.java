package io.outrider.core.decision;

import io.outrider.core.feature.Feature;
import io.outrider.core.feature.FeatureKind;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.feature.WindowSummary;
import io.outrider.core.feature.Words;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Says in a sentence what is remarkable about one feature of a transaction, in the plan's own words and with the
 * account's usual values beside it.
 * What is told follows from what a feature computes, its {@link FeatureKind}; a plan may name it as it likes. Of a kind that
 * there is nothing to add to, its own words, value and unit have to do. Immutable.
 */
final class Reasons {

    private static final Duration DAY = Duration.ofDays(1);

    /** From here on digits are no help: a number is told by its magnitude, and a double's own steps are nearly whole ones. */
    private static final double HUGE = 1e15;

    private final FeaturePlan plan;
    private final List<Feature> features;

    private final Words words;

    /** "this account's", or whatever else the plan is about. */
    private final String its;

    Reasons(FeaturePlan plan) {
        this.plan = plan;
        this.features = plan.features();
        this.words = plan.words();
        this.its = "this " + words.subject() + "'s";
    }

    String sentence(int column, double[] vector, Circumstances seen) {
        Feature feature = features.get(column);
        double value = vector[column];
        if (Double.isNaN(value)) {
            return feature.words() + " is not known";
        }
        FeatureKind kind = plan.kind(column);
        return switch (kind) {
            case AMOUNT, LOG_AMOUNT, Z, ROBUST_Z, RELATIVE_Z, RATIO_TO_MEAN, RATIO_TO_MEDIAN, RATIO_TO_MAX ->
                ofAmount(column, value, seen);
            default -> kind.isOfTheMerchant() ? ofMerchant(column, value, seen) : ofHabits(column, value, seen);
        };
    }

    /** Whether the sentence sets the amount against the account's median; more than one of those repeats the first. */
    boolean tellsMedian(int column) {
        return switch (plan.kind(column)) {
            case AMOUNT, LOG_AMOUNT -> true;
            default -> measuresFromMedian(column);
        };
    }

    /** Of such columns, by weight, the one whose sentence says most; -1 if there is none. */
    int bestOfMedian(List<Integer> columns) {
        return columns.stream()
                .filter(this::measuresFromMedian)
                .findFirst()
                .or(() -> columns.stream().filter(this::tellsMedian).findFirst())
                .orElse(-1);
    }

    private boolean measuresFromMedian(int column) {
        return switch (plan.kind(column)) {
            case ROBUST_Z, RELATIVE_Z, RATIO_TO_MEDIAN -> true;
            default -> false;
        };
    }

    private String ofAmount(int column, double value, Circumstances seen) {
        String amount = words.amount() + " " + plain(seen.transaction().amount());
        Circumstances.Past before = seen.before();
        Usual median = new Usual("median", before.median());
        Usual mean = new Usual("mean", before.mean());
        return amount
                + switch (plan.kind(column)) {
                    case Z -> " is " + away(column, value, "standard deviations", seen, mean);
                    case ROBUST_Z -> " is " + away(column, value, "robust deviations", seen, median);
                    case RELATIVE_Z -> " is " + away(column, value, "deviations", seen, median);
                    case RATIO_TO_MEAN -> times(column, value, seen, mean);
                    case RATIO_TO_MEDIAN -> times(column, value, seen, median);
                    case RATIO_TO_MAX -> times(column, value, seen, new Usual("highest so far", before.highest()));
                    default ->
                        Double.isNaN(before.median())
                                ? " is unusual for a first one"
                                : ", where " + its + " median is " + plain(before.median());
                };
    }

    /** Something that the account's past says of amounts. */
    private record Usual(String name, double amount) {}

    /**
     * How many deviations an amount lies above or below what is usual. What is shrunk is measured from a blend of account and
     * population, which may lie on another side of the amount than the account's own past does.
     */
    private String away(int column, double value, String deviations, Circumstances seen, Usual usual) {
        String own = its + " " + usual.name();
        String known = plain(usual.amount());
        if (alike(seen.transaction().amount(), usual.amount()) && !plan.isShrunk(column)) {
            return own;
        }
        String far = brief(Math.abs(value)) + " " + deviations + (value >= 0 ? " above " : " below ");
        if (!plan.isShrunk(column)) {
            return far + own + (usual.name().equals("median") ? " " + known : "");
        }
        return Double.isNaN(usual.amount())
                ? far + "what is usual"
                : far + "what is usual for this " + words.subject() + " and others like it (" + own + " " + known + ")";
    }

    /** How many times a usual amount this one is: the feature's own value is less where the usual one is below the plan's floor. */
    private String times(int column, double value, Circumstances seen, Usual usual) {
        double amount = seen.transaction().amount();
        if (plan.isShrunk(column)) {
            return " is at least " + brief(value) + " times what is usual for this " + words.subject()
                    + " and others like it";
        }
        double times = amount / usual.amount();
        if (!(usual.amount() > 0) || amount < 0 || Double.isInfinite(times)) {
            return ", where " + its + " " + usual.name() + " is " + plain(usual.amount());
        }
        String of = usual.name().equals("median") ? " " + plain(usual.amount()) : "";
        return " is " + brief(times) + " times " + its + " " + usual.name() + of;
    }

    private String ofMerchant(int column, double value, Circumstances seen) {
        String merchant = seen.transaction().merchant();
        boolean smoothed = plan.kind(column) == FeatureKind.MERCHANT_RISK;
        return (smoothed ? "smoothed " : "")
                + plainWords(features.get(column), value)
                + (merchant == null ? "" : " (" + merchant + ")");
    }

    private String ofHabits(int column, double value, Circumstances seen) {
        Feature feature = features.get(column);
        FeatureKind kind = plan.kind(column);
        if (feature.yesOrNo() && value <= 0 && kind != FeatureKind.NIGHT && kind != FeatureKind.WEEKEND) {
            return plainWords(feature, value);
        }
        var transaction = seen.transaction();
        OffsetDateTime time = Instant.ofEpochMilli(transaction.eventTimeMs()).atOffset(ZoneOffset.UTC);
        return switch (kind) {
            case COUNT -> plainWords(feature, value) + usualRate(seen);
            case MEAN -> {
                double median = seen.before().median();
                yield plainWords(feature, value) + (Double.isNaN(median) ? "" : ", the median is " + plain(median));
            }
            case SECONDS_SINCE_LAST -> sinceLast(value, seen);
            case FIRST_AT_MERCHANT ->
                first(feature, transaction.merchant(), seen.full().merchants());
            case FIRST_ON_DEVICE ->
                first(feature, transaction.device(), seen.full().devices());
            case FIRST_FROM_NETWORK ->
                first(feature, transaction.network(), seen.full().networks());
            case REPEATED_ID -> "id " + transaction.transactionId() + " was used before";
            case HOUR, HOUR_SIN, HOUR_COS, NIGHT ->
                String.format(Locale.ROOT, "at %02d:%02d UTC", time.getHour(), time.getMinute());
            case WEEKEND -> "on a " + time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            default -> plainWords(feature, value);
        };
    }

    private String sinceLast(double seconds, Circumstances seen) {
        long earlierMs = seen.before().newestMs() - seen.transaction().eventTimeMs();
        return earlierMs > 0
                ? span(earlierMs / 1000.0) + " before " + its + " newest event"
                : span(seconds) + " after " + its + " previous event";
    }

    /**
     * How many events a day there were in the account's longest window, or since its first event if that is later, as a
     * half-sentence; empty while that is less than a day.
     */
    private static String usualRate(Circumstances seen) {
        WindowSummary longest = null;
        for (WindowSummary window : seen.windows()) {
            if (longest == null || window.window().compareTo(longest.window()) > 0) {
                longest = window;
            }
        }
        if (longest == null || longest.count() < 2) {
            return "";
        }
        double days = Math.min(longest.window().toMillis(), seen.historyMs()) / (double) DAY.toMillis();
        return days < 1 ? "" : ", on average " + brief(longest.count() / days) + " a day";
    }

    private static String plainWords(Feature feature, double value) {
        String unit = feature.unit();
        return feature.words() + " is " + brief(value) + (unit.isEmpty() || unit.equals("1") ? "" : " " + unit);
    }

    private static String span(double seconds) {
        if (seconds < 120) {
            return brief(seconds) + " s";
        }
        if (seconds < 7200) {
            return brief(seconds / 60) + " minutes";
        }
        return seconds < 172_800 ? brief(seconds / 3600) + " hours" : brief(seconds / 86_400) + " days";
    }

    /**
     * What the plan calls a first time ("first time at this merchant"), with the name of the very one in brackets; where older
     * names were forgotten it need not be the first.
     *
     * @param remembered how many names are remembered if that is not all of them, else 0
     */
    private String first(Feature feature, @Nullable String name, int remembered) {
        String called = feature.words();
        if (remembered == 0) {
            return called + " (" + name + ")";
        }
        int noun = called.lastIndexOf(" this ");
        String things = noun < 0 ? "that are remembered" : plural(called.substring(noun + " this ".length()));
        return name + " is not among " + its + " last " + remembered + " " + things;
    }

    private static String plural(String noun) {
        return noun + (noun.endsWith("s") ? "es" : "s");
    }

    /** Whether two amounts are the same to a reader; where only magnitudes are told, whether they are remembered as one float. */
    private boolean alike(double amount, double other) {
        return Math.abs(amount) >= HUGE
                ? (float) amount == (float) other
                : plain(amount).equals(plain(other));
    }

    private String plain(double amount) {
        String number = Math.abs(amount) >= HUGE
                ? magnitude(amount)
                : String.format(Locale.ROOT, "%." + words.decimals() + "f", amount);
        return words.unit().isEmpty() ? number : number + " " + words.unit();
    }

    /** Three significant digits or all whole ones, or the magnitude of what is huge. */
    private static String brief(double value) {
        if (Math.abs(value) >= HUGE) {
            return magnitude(value);
        }
        if (value == Math.rint(value) || Math.abs(value) >= 100) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        return String.format(Locale.ROOT, Math.abs(value) >= 10 ? "%.1f" : "%.2f", value);
    }

    /** As 1.0e308. */
    private static String magnitude(double value) {
        return String.format(Locale.ROOT, "%.1e", value).replace("e+", "e");
    }
}
