package io.outrider.detection.protocol;

import io.outrider.core.alert.Alert;
import io.outrider.core.event.LoggedEvent;
import io.outrider.detection.protocol.AccountMessage.Batch;
import io.outrider.detection.protocol.AccountReply.Folded;
import io.outrider.detection.protocol.AccountReply.Refused;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An account in memory: serves one epoch, and folds each of its batches once and in order. A batch that was delivered
 * twice is ignored; one that shows that another was lost is refused, and nothing is folded. Belongs to one thread.
 */
public final class AccountCell<A extends AccountFold.Account> {

    private final String account;
    private final AccountFold<A> fold;

    private @Nullable A state;
    private long epoch;
    private long number;

    public AccountCell(String account, AccountFold<A> fold) {
        this.account = account;
        this.fold = fold;
    }

    /** The account as folded so far, or null before the first batch. For looking only. */
    public @Nullable A state() {
        return state;
    }

    /** Takes a batch; null when it is a repetition, which has been answered before. */
    public @Nullable AccountReply on(Batch batch) {
        if (batch.epoch() < epoch) {
            return new Refused(account, batch.epoch(), "account serves epoch " + epoch);
        }
        if (batch.epoch() == epoch && batch.number() <= number) {
            return null;
        }
        if (batch.opening() != null) {
            state = fold.open(batch.opening().state(), batch.context());
            epoch = batch.epoch();
            number = batch.number() - 1;
        }
        if (state == null || batch.epoch() != epoch || batch.number() != number + 1) {
            return new Refused(
                    account,
                    batch.epoch(),
                    "message " + batch.number() + " came to an account that has seen " + number + " of epoch " + epoch);
        }
        number = batch.number();
        return fold(batch, state);
    }

    private Folded fold(Batch batch, A into) {
        List<RaisedAlert> alerts = List.of();
        List<ScoredRecord> scored = List.of();
        long lateBefore = into.late();
        long late = 0;
        List<LoggedEvent> events = batch.events();
        for (int i = 0; i < events.size(); i++) {
            LoggedEvent event = events.get(i);
            if (event.erases()) {
                late += into.late() - lateBefore;
                into.erase();
                lateBefore = into.late();
                continue;
            }
            Alert alert = into.fold(event, batch.context());
            if (alert != null) {
                alerts = alerts.isEmpty() ? new ArrayList<>(1) : alerts;
                alerts.add(new RaisedAlert(alert, event.appendTimeMs(), event.trace()));
            }
            ScoredRecord record = into.scored();
            if (record != null) {
                scored = scored.isEmpty() ? new ArrayList<>(1) : scored;
                scored.add(record);
            }
        }
        return new Folded(
                account,
                epoch,
                number,
                batch.interval(),
                events.size(),
                (int) (late + into.late() - lateBefore),
                alerts,
                scored,
                batch.snapshot() ? into.snapshot() : null);
    }
}
