package io.outrider.detection.store;

import io.outrider.core.alert.Alert;
import io.outrider.core.port.AlertSearch.Order;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;

/**
 * Where an alert stands in an order, and so what a cursor names: the values themselves, so that it means the same on every node
 * and whatever has been added meanwhile.
 *
 * @param rank what is ordered by, highest first; 0 by {@link Order#NEWEST}
 */
record AlertPlace(Order order, double rank, long timeMs, String id) {

    /** As a page shows them. */
    static final Comparator<AlertPlace> FIRST_TO_LAST = Comparator.comparingDouble(AlertPlace::rank)
            .thenComparingLong(AlertPlace::timeMs)
            .thenComparing(AlertPlace::id)
            .reversed();

    static AlertPlace of(Order order, Alert alert) {
        double rank = switch (order) {
            case NEWEST -> 0;
            case SCORE -> alert.score();
            case AMOUNT ->
                Double.isNaN(alert.transaction().amount())
                        ? -1
                        : alert.transaction().amount();
        };
        return new AlertPlace(order, rank, alert.transaction().eventTimeMs(), alert.id());
    }

    boolean isBehind(AlertPlace other) {
        return FIRST_TO_LAST.compare(this, other) > 0;
    }

    /** An opaque token that is safe in an address. */
    String cursor() {
        String text = "1 " + order + " " + Double.doubleToLongBits(rank) + " " + timeMs + " " + id;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads a cursor of an order; IllegalArgumentException if it is none. */
    static AlertPlace parse(Order order, String cursor) {
        String[] parts = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8).split(" ", 5);
        if (parts.length != 5 || !parts[0].equals("1") || !parts[1].equals(order.name())) {
            throw new IllegalArgumentException("no cursor of this order: " + cursor);
        }
        return new AlertPlace(
                order, Double.longBitsToDouble(Long.parseLong(parts[2])), Long.parseLong(parts[3]), parts[4]);
    }
}
