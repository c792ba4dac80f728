package io.outrider.detection.simulation;

import io.outrider.core.alert.Alert;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.model.ContextRef;
import io.outrider.detection.protocol.AccountFold;
import io.outrider.detection.scoring.SharedScorer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a simulated partition folds, and the same as a plain loop has it. Stateless but for the plain folds it makes. */
interface SimulatedFold {

    /** How the accounts under test are opened. */
    AccountFold<?> open();

    /** What can be in force. */
    List<ContextRef> contexts();

    /** What the node knows contexts by. */
    SharedScorer scorer();

    /** What states are of under a context. */
    default String planFingerprint(ContextRef context) {
        try {
            return scorer().planOf(context);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the record at an offset is published as scored, too; its record's key is the offset. */
    default boolean publishesScored(long offset) {
        return false;
    }

    /** The record at an offset. */
    LoggedEvent event(String account, long offset);

    /** An account without events, to be folded by a plain loop. */
    Plain plain();

    /** A state's bytes in the form of {@link Plain#state}. */
    String shown(byte[] state);

    /** One account outside the protocol. */
    interface Plain {

        @Nullable
        Alert fold(LoggedEvent event, ContextRef context);

        /** As it would be under the plan of a context. */
        String state(ContextRef inForce);
    }
}
