package io.outrider.detection.entity;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** A page of account ids, ascending by code point. */
public record AccountNames(List<String> names) {

    /** Ids are compared by code point, as the port says; Java compares by UTF-16 unit. */
    public static final Comparator<String> BY_CODE_POINT = (a, b) -> {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                // Surrogates stand for code points above all others.
                boolean sameKind = Character.isSurrogate(x) == Character.isSurrogate(y);
                return sameKind ? Character.compare(x, y) : Character.isSurrogate(x) ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    };

    public AccountNames {
        names = List.copyOf(names);
    }

    /**
     * The first names behind one, without sorting all there are: a page is small, a partition may have millions.
     *
     * @param after names up to and including this one are left out; null for none
     */
    public static AccountNames first(Iterable<String> all, @Nullable String after, int limit) {
        PriorityQueue<String> smallest = new PriorityQueue<>(BY_CODE_POINT.reversed());
        for (String name : all) {
            boolean wanted = after == null || BY_CODE_POINT.compare(name, after) > 0;
            if (wanted && (smallest.size() < limit || BY_CODE_POINT.compare(name, smallest.element()) < 0)) {
                smallest.add(name);
                if (smallest.size() > limit) {
                    smallest.remove();
                }
            }
        }
        String[] sorted = smallest.toArray(new String[0]);
        Arrays.sort(sorted, BY_CODE_POINT);
        return new AccountNames(List.of(sorted));
    }
}
