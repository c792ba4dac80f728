package io.outrider.detection.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.detection.scratch.ScratchAccounts;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When what a run keeps of an account is found without a look into its map: then whatever the name, so the tests ask for none's. */
class AccountSlotsTest {

    private static final class Peer extends AccountPeer {}

    @TempDir
    Path folder;

    private final Peer peer = new Peer();
    private ScratchAccounts passive;
    private AccountSlots slots;

    @BeforeEach
    void start() throws IOException {
        passive = ScratchAccounts.open(folder);
        slots = slots();
    }

    @AfterEach
    void stop() {
        passive.close();
    }

    @Test
    void anAccountThatTheRunHasOpenedIsFoundFromItsFirstAnswerOn() {
        AccountSlot slot = opened();
        assertThat(slots.find("nobody", peer)).isSameAs(slot);
    }

    @Test
    void oneThatHasLeftMemoryIsLookedFor() {
        opened().active = false;
        assertThat(slots.find("nobody", peer)).isNull();
        assertThat(slots.find("a", peer)).isNotNull();
    }

    @Test
    void oneThatAnotherRunOrNodeHasOpenedIsLookedFor() {
        opened();
        assertThat(slots().find("nobody", peer)).isNull();
        peer.opened(new AccountMessage.Opening(null));
        assertThat(slots.find("nobody", peer)).isNull();
        assertThat(slots.find("a", peer)).isNotNull();
    }

    private AccountSlot opened() {
        AccountSlot slot = slots.obtain("a");
        slot.active = true;
        peer.opened(new AccountMessage.Opening(null, slot));
        return slot;
    }

    private AccountSlots slots() {
        return new AccountSlots(RunWorld.manifest(), passive, 8);
    }
}
