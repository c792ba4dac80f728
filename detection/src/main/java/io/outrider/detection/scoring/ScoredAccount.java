package io.outrider.detection.scoring;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.outrider.core.account.AccountState;
import io.outrider.core.account.AccountView;
import io.outrider.core.alert.Alert;
import io.outrider.core.alert.ScoredEvent;
import io.outrider.core.alert.ScoredEventCodec;
import io.outrider.core.decision.Assessment;
import io.outrider.core.decision.Decision;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.ContextRef;
import io.outrider.core.trace.EventTrace;
import io.outrider.detection.protocol.AccountFold;
import io.outrider.detection.protocol.ScoredRecord;
import io.outrider.detection.scoring.SharedScorer.Loaded;
import io.outrider.detection.scoring.SharedScorer.Planned;
import org.jspecify.annotations.Nullable;

/** An account in memory, whose fold is the detector's: features, score, policy. Belongs to one thread. */
public final class ScoredAccount implements AccountFold.Account {

    private final SharedScorer scorer;
    private final String generation;
    private final int partition;
    private final Planned plan;
    private AccountState state;

    /** Whether nothing was folded, ever or since an erasure. */
    private boolean empty;

    private @Nullable ScoredRecord scored;

    private ScoredAccount(
            SharedScorer scorer, String generation, int partition, byte @Nullable [] state, ContextRef context) {
        this.scorer = scorer;
        this.generation = generation;
        this.partition = partition;
        this.plan = scorer.loaded(context).plan();
        this.empty = state == null || state.length == 0;
        this.state =
                state == null || empty ? plan.codec().fresh() : plan.codec().decode(state);
    }

    /** How the accounts of a partition are opened. */
    public static AccountFold<ScoredAccount> fold(SharedScorer scorer, String generation, int partition) {
        return (state, context) -> new ScoredAccount(scorer, generation, partition, state, context);
    }

    @Override
    public @Nullable Alert fold(LoggedEvent event, ContextRef ref) {
        empty = false;
        EventTrace trace = event.trace();
        return trace == null ? decide(event, ref) : traced(event, ref, trace);
    }

    private @Nullable Alert traced(LoggedEvent event, ContextRef ref, EventTrace trace) {
        Span deciding = trace.begin("decide", SpanKind.INTERNAL);
        try {
            Alert alert = decide(event, ref);
            deciding.setAttribute("outrider.model.version", ref.modelVersion());
            deciding.setAttribute("outrider.alert", alert != null);
            return alert;
        } finally {
            deciding.end();
            trace.decided();
        }
    }

    private @Nullable Alert decide(LoggedEvent event, ContextRef ref) {
        Loaded current = scorer.loaded(ref); // not kept: idle accounts would hold on to old tables
        if (current.plan() != plan) {
            throw new IllegalStateException("an account is to be decided under " + ref + ", of another feature plan");
        }
        Decision decision = scorer.decide(
                state, event.transaction(), new LogPosition(generation, partition, event.offset()), current);
        ScoredEvent full = decision.scored();
        if (full != null) {
            scored = new ScoredRecord(event.transaction().account(), ScoredEventCodec.encode(full));
        } else if (scored != null) { // a reference that is written has the collector look at the account again
            scored = null;
        }
        return decision.alert();
    }

    @Override
    public void erase() {
        state = plan.codec().fresh();
        scored = null;
        empty = true;
    }

    /** Whether nothing was folded, ever or since an erasure. */
    public boolean isEmpty() {
        return empty;
    }

    /** What would be said of a transaction; null under a context that nobody is decided under any more, or of another plan. */
    public @Nullable Assessment assess(Transaction transaction, ContextRef context) {
        Loaded under = scorer.find(context);
        return under != null && under.plan() == plan ? scorer.assess(state, transaction, context) : null;
    }

    /** Describes the account. */
    public AccountView view(String account) {
        return SharedScorer.view(account, partition, state, plan.codec());
    }

    @Override
    public @Nullable ScoredRecord scored() {
        return scored;
    }

    @Override
    public long late() {
        return state.features().late();
    }

    @Override
    public byte[] snapshot() {
        return empty ? new byte[0] : plan.codec().encode(state);
    }
}
