package io.outrider.detection.simulation;

import io.outrider.core.alert.Alert;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.model.ContextRef;
import io.outrider.detection.protocol.AccountFold;
import io.outrider.detection.protocol.ScoredRecord;
import io.outrider.detection.scoring.SharedScorer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The lists of {@link ListFold} under two feature plans, which differ in how an offset is written, so that a state under the wrong
 * plan, or one built of something else than the whole log, shows in every verdict behind it.
 */
final class PlannedFold implements SimulatedFold {

    private static final List<ContextRef> CONTEXTS =
            List.of(new ContextRef("m0", 0), new ContextRef("m1", 0), new ContextRef("n0", 0), new ContextRef("n1", 0));

    private final ListFold lists = new ListFold();

    /** What stands behind each offset. */
    private static char mark(ContextRef context) {
        return context.modelVersion().startsWith("m") ? ',' : ';';
    }

    private static final class Account implements AccountFold.Account {

        private final char mark;
        private String offsets;

        Account(String offsets, char mark) {
            if (!offsets.isEmpty() && offsets.charAt(offsets.length() - 1) != mark) {
                throw new IllegalStateException(offsets + " is of another plan than that of " + mark);
            }
            this.offsets = offsets;
            this.mark = mark;
        }

        @Override
        public Alert fold(LoggedEvent event, ContextRef context) {
            if (mark(context) != mark) {
                throw new IllegalStateException(context + " is of another plan than the account");
            }
            Alert alert = ListFold.alert(event, context, offsets);
            offsets = offsets + event.offset() + mark;
            return alert;
        }

        @Override
        public void erase() {
            offsets = "";
        }

        @Override
        public @Nullable ScoredRecord scored() {
            return null;
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
        return (state, context) ->
                new Account(state == null ? "" : new String(state, StandardCharsets.UTF_8), mark(context));
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
    public LoggedEvent event(String account, long offset) {
        return lists.event(account, offset);
    }

    @Override
    public Plain plain() {
        return new Plain() {
            private final List<Long> offsets = new ArrayList<>();

            @Override
            public Alert fold(LoggedEvent event, ContextRef context) {
                Alert alert = ListFold.alert(event, context, state(context));
                offsets.add(event.offset());
                return alert;
            }

            @Override
            public String state(ContextRef inForce) {
                return offsets.stream()
                        .map(offset -> "" + offset + mark(inForce))
                        .collect(Collectors.joining());
            }
        };
    }

    @Override
    public String shown(byte[] state) {
        return new String(state, StandardCharsets.UTF_8);
    }
}
