package io.outrider.core.decision;

import io.outrider.core.feature.Feature;
import io.outrider.core.feature.WindowSummary;
import io.outrider.core.feature.Words;
import java.time.DayOfWeek;
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
 * Features are known by the beginning of their names; for one that is not known, its own words, value and unit have to
 * do. Immutable.
 */
final class Reasons {

    private final List<Feature> features;

    /** The plan's first feature is the amount itself, whatever it calls it; names of those derived begin with its name. */
    private final String amountName;

    private final Words words;

    /** "this account's", or whatever else the plan is about. */
    private final String its;

    Reasons(List<Feature> features, Words words) {
        this.features = features;
        this.amountName = features.get(0).name();
        this.words = words;
        this.its = "this " + words.subject() + "'s";
    }

    String sentence(int column, double[] vector, Circumstances seen) {
        Feature feature = features.get(column);
        double value = vector[column];
        if (Double.isNaN(value)) {
            return feature.words() + " is not known";
        }
        String name = feature.name();
        if (name.equals(amountName) || name.equals("log_" + amountName) || name.startsWith(amountName + "_")) {
            return ofAmount(feature, value, seen);
        }
        if (name.startsWith("merchant")) {
            return ofMerchant(feature, value, seen);
        }
        return ofHabits(feature, value, seen);
    }

    /** Whether the sentence sets the amount against the account's median; more than one of those repeats the first. */
    boolean tellsMedian(int column) {
        String name = features.get(column).name();
        return name.equals(amountName) || name.equals("log_" + amountName) || measuresFromMedian(column);
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
        String name = features.get(column).name();
        return name.startsWith(amountName + "_robust_z") || name.equals(amountName + "_to_median");
    }

    private String ofAmount(Feature feature, double value, Circumstances seen) {
        String name = feature.name();
        String amount = words.amount() + " " + plain(seen.transaction().amount());
        String usual = plain(seen.usualAmount());
        if (name.equals(amountName) || name.equals("log_" + amountName)) {
            return Double.isNaN(seen.usualAmount())
                    ? amount + " is unusual for a first one"
                    : amount + ", where " + its + " median is " + usual;
        }
        String side = value >= 0 ? " above" : " below";
        if (name.startsWith(amountName + "_robust_z")) {
            String whose = Double.isNaN(seen.usualAmount()) ? " what is usual" : " " + its + " median " + usual;
            return amount + " is " + brief(Math.abs(value)) + " robust deviations" + side + whose;
        }
        if (name.startsWith(amountName + "_z")) {
            return amount + " is " + brief(Math.abs(value)) + " standard deviations" + side + " " + its + " mean";
        }
        if (name.equals(amountName + "_to_max")) {
            return amount + " is " + brief(value) + " times " + its + " highest so far";
        }
        if (name.equals(amountName + "_to_mean")) {
            return amount + " is " + brief(value) + " times " + its + " mean";
        }
        if (name.equals(amountName + "_to_median")) {
            return amount + " is " + brief(value) + " times " + its + " median " + usual;
        }
        return plainWords(feature, value);
    }

    private String ofMerchant(Feature feature, double value, Circumstances seen) {
        String merchant = seen.transaction().merchant();
        return plainWords(feature, value) + (merchant == null ? "" : " (" + merchant + ")");
    }

    private String ofHabits(Feature feature, double value, Circumstances seen) {
        String name = feature.name();
        var transaction = seen.transaction();
        OffsetDateTime time = Instant.ofEpochMilli(transaction.eventTimeMs()).atOffset(ZoneOffset.UTC);
        if (name.startsWith("count")) {
            return plainWords(feature, value) + usualRate(seen);
        }
        if (name.startsWith("mean")) {
            return plainWords(feature, value)
                    + (Double.isNaN(seen.usualAmount()) ? "" : ", the median is " + plain(seen.usualAmount()));
        }
        if (name.startsWith("seconds_since_last")) {
            return span(value) + " after " + its + " previous event";
        }
        if (name.startsWith("first_at_") && value > 0) {
            return named(feature, transaction.merchant());
        }
        if (name.startsWith("first_on_device") && value > 0) {
            return named(feature, transaction.device());
        }
        if (name.startsWith("first_from_network") && value > 0) {
            return named(feature, transaction.network());
        }
        if (name.startsWith("repeated_id") && value > 0) {
            return "id " + transaction.transactionId() + " was used before";
        }
        if (name.startsWith("hour") || name.startsWith("night")) {
            return String.format(Locale.ROOT, "at %02d:%02d UTC", time.getHour(), time.getMinute());
        }
        if (name.startsWith("weekend")) {
            DayOfWeek day = time.getDayOfWeek();
            return "on a " + day.getDisplayName(TextStyle.FULL, Locale.ENGLISH);
        }
        return plainWords(feature, value);
    }

    /** How many events a day the account's longest window holds, as a half-sentence; empty while it says nothing yet. */
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
        double days = longest.window().toSeconds() / (double) Duration.ofDays(1).toSeconds();
        return ", on average " + brief(longest.count() / days) + " a day";
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

    /** What the plan calls it, with the name of the very one in brackets. */
    private static String named(Feature feature, @Nullable String name) {
        return feature.words() + " (" + name + ")";
    }

    private String plain(double amount) {
        String number = String.format(Locale.ROOT, "%." + words.decimals() + "f", amount);
        return words.unit().isEmpty() ? number : number + " " + words.unit();
    }

    /** Three significant digits or all whole ones. */
    private static String brief(double value) {
        if (value == Math.rint(value) || Math.abs(value) >= 100) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        return String.format(Locale.ROOT, Math.abs(value) >= 10 ? "%.1f" : "%.2f", value);
    }
}
