package io.outrider.detection.entity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;

/** The order of accounts. */
class AccountNamesTest {

    @Property(tries = 200)
    void pagesListAllAccountsOnceInCodePointOrder(
            @ForAll @Size(max = 40) List<@UniqueElements String> names, @ForAll @IntRange(min = 1, max = 7) int limit) {
        List<String> expected = new ArrayList<>(new java.util.TreeSet<>(names));
        expected.sort((a, b) -> {
            int[] x = a.codePoints().toArray();
            int[] y = b.codePoints().toArray();
            return java.util.Arrays.compare(x, y);
        });

        List<String> listed = new ArrayList<>();
        List<String> page = AccountNames.first(expected, null, limit).names();
        while (!page.isEmpty()) {
            listed.addAll(page);
            page = AccountNames.first(expected, page.get(page.size() - 1), limit)
                    .names();
        }
        assertThat(listed).isEqualTo(expected);
    }
}
