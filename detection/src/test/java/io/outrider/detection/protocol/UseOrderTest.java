package io.outrider.detection.protocol;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which accounts leave memory first. */
class UseOrderTest {

    @TempDir
    Path folder;

    private final UseOrder order = new UseOrder();
    private RunWorld world;
    private AccountSlots slots;

    @BeforeEach
    void start() throws IOException {
        world = new RunWorld(folder);
        slots = new AccountSlots(RunWorld.manifest(), world.passive, 8);
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void thoseIdleLongestComeFirst() {
        use("a", 1);
        use("b", 1);
        use("c", 2);
        use("a", 3);
        use("b", 2);
        assertThat(idle(3)).isEqualTo("c");
        assertThat(idle(3)).isEqualTo("b");
        assertThat(idle(3)).isEqualTo("a");
        assertThat(order.takeIdle(3)).isNull();
    }

    @Test
    void thoseUsedLaterStay() {
        use("a", 1);
        use("b", 2);
        use("a", 4);
        assertThat(idle(3)).isEqualTo("b");
        assertThat(order.takeIdle(3)).isNull();
        assertThat(order.size()).isOne();
        use("a", 5);
        assertThat(order.takeIdle(4)).isNull();
        assertThat(idle(5)).isEqualTo("a");
        assertThat(order.size()).isZero();
    }

    @Test
    void oneThatWasTakenOutIsNotFoundBeforeItIsUsedAgain() {
        use("a", 1);
        order.remove(slots.obtain("a"));
        assertThat(order.size()).isZero();
        assertThat(order.takeIdle(1)).isNull();
        use("a", 2);
        assertThat(order.size()).isOne();
        assertThat(idle(2)).isEqualTo("a");
    }

    @Test
    void oneCallLooksAtNoMoreThanSoManyThatHaveBeenUsedSince() {
        for (int i = 0; i <= UseOrder.MOST_MOVED; i++) {
            use("a" + i, 1);
        }
        use("idle", 1);
        for (int i = 0; i <= UseOrder.MOST_MOVED; i++) {
            use("a" + i, 2);
        }
        assertThat(order.takeIdle(1)).isNull();
        assertThat(idle(1)).isEqualTo("idle");
        assertThat(order.takeIdle(1)).isNull();
        assertThat(order.size()).isEqualTo(UseOrder.MOST_MOVED + 1);
    }

    private void use(String account, long interval) {
        AccountSlot slot = slots.obtain(account);
        slot.touchedIn = interval;
        order.use(slot);
    }

    private String idle(long interval) {
        return requireNonNull(order.takeIdle(interval)).account;
    }
}
