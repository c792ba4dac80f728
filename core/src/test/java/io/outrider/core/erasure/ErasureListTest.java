package io.outrider.core.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.event.LogPosition;
import io.outrider.core.pseudonym.AccountHash;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErasureListTest {

    private final AccountHash hash = new AccountHash(new byte[32]);
    private final ErasureRequest request =
            new ErasureRequest("e", hash.of("a"), "ann", "2026-03-01T00:00:00Z", at(2, 100), at(0, 7), null);
    private final ErasureList list = new ErasureList(List.of(request), hash);

    private static LogPosition at(int partition, long offset) {
        return new LogPosition("g", partition, offset);
    }

    @Test
    void coversWhatLiesBeforeTheErasureAndNothingElse() {
        assertThat(list.coversTransaction("a", at(2, 99))).isTrue();
        assertThat(list.coversTransaction("a", at(2, 101))).isFalse();
        assertThat(list.coversTransaction("b", at(2, 99))).isFalse();
        assertThat(list.coversTransaction("a", at(1, 99))).isFalse();
        assertThat(list.coversTransaction("a", new LogPosition("recreated", 2, 99)))
                .isFalse();
        assertThat(list.coversLabel("a", at(0, 6))).isTrue();
        assertThat(list.coversLabel("a", at(0, 8))).isFalse();
    }

    @Test
    void aRequestThatIsNotInTheLogYetCoversNothing() {
        ErasureRequest asked = new ErasureRequest("e", hash.of("a"), "ann", "2026-03-01T00:00:00Z", null, null, null);

        assertThat(new ErasureList(List.of(asked), hash).coversTransaction("a", at(2, 0)))
                .isFalse();
    }

    @Test
    void hashesAsRfc4231Says() {
        AccountHash ofTheRfc = new AccountHash(HexFormat.of().parseHex("aa".repeat(131)));

        assertThat(ofTheRfc.of("Test Using Larger Than Block-Size Key - Hash Key First"))
                .isEqualTo("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    }

    @Test
    void refusesAShortKey() {
        assertThatThrownBy(() -> new AccountHash(new byte[31])).hasMessageContaining("at least 32 bytes, has 31");
    }
}
