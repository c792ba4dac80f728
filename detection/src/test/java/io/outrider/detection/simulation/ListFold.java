package io.outrider.detection.simulation;

import io.outrider.core.alert.Alert;
import io.outrider.core.alert.Receipt;
import io.outrider.core.alert.Severity;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.ContextRef;
import io.outrider.detection.protocol.AccountFold;
import io.outrider.detection.protocol.ScoredRecord;
import io.outrider.detection.scoring.SharedScorer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fold that shows everything: the state is the list of the offsets folded, and every event raises an alert whose
 * verdict tells the context and the state that it was decided on. Every other event is published as scored, too.
 */
final class ListFold implements SimulatedFold {

    private static final List<ContextRef> CONTEXTS =
            List.of(new ContextRef("m0", 0), new ContextRef("m1", 0), new ContextRef("m2", 0), new ContextRef("m3", 0));

    private static final class Account implements AccountFold.Account {

        private String offsets;
        private @Nullable ScoredRecord scored;

        Account(String offsets) {
            this.offsets = offsets;
        }

        @Override
        public Alert fold(LoggedEvent event, ContextRef context) {
            Alert alert = alert(event, context, offsets);
            offsets += event.offset() + ",";
            scored = isScored(event.offset()) ? new ScoredRecord(Long.toString(event.offset()), new byte[0]) : null;
            return alert;
        }

        @Override
        public void erase() {
            offsets = "";
            scored = null;
        }

        @Override
        public @Nullable ScoredRecord scored() {
            return scored;
        }

        @Override
        public long late() {
            return 0;
        }

        @Override
        public byte[] snapshot() {
            return offsets.getBytes(StandardCharsets.UTF_8);
        }
    }

    @Override
    public AccountFold<?> open() {
        return (state, context) -> new Account(state == null ? "" : new String(state, StandardCharsets.UTF_8));
    }

    @Override
    public List<ContextRef> contexts() {
        return CONTEXTS;
    }

    @Override
    public SharedScorer scorer() {
        return NamedPlans.SCORER;
    }

    @Override
    public boolean publishesScored(long offset) {
        return isScored(offset);
    }

    private static boolean isScored(long offset) {
        return offset % 2 == 0;
    }

    @Override
    public LoggedEvent event(String account, long offset) {
        return new LoggedEvent(
                offset,
                1_000 + offset,
                new Transaction("t" + offset, account, 1, 0, "merchant-" + offset % 3, null, null, null, null));
    }

    @Override
    public Plain plain() {
        return new Plain() {
            private String offsets = "";

            @Override
            public @Nullable Alert fold(LoggedEvent event, ContextRef context) {
                Alert alert = alert(event, context, offsets);
                offsets = offsets + event.offset() + ",";
                return alert;
            }

            @Override
            public String state(ContextRef inForce) {
                return offsets;
            }
        };
    }

    @Override
    public String shown(byte[] state) {
        return new String(state, StandardCharsets.UTF_8);
    }

    static Alert alert(LoggedEvent event, ContextRef context, String before) {
        LogPosition position = new LogPosition("g", 0, event.offset());
        return new Alert(
                position.alertId(),
                event.transaction(),
                1,
                0.5,
                Severity.LOW,
                context.modelVersion(),
                position.alertId(),
                0,
                List.of(before),
                0,
                List.of(),
                null,
                new Receipt(position, context, "plan", Map.of()));
    }
}
