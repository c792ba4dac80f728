package io.outrider.detection.scoring;

import io.outrider.core.event.EventGroup;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.model.ContextRef;
import io.outrider.detection.protocol.AccountFold;
import io.outrider.lake.checkpoint.AccountBytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Folds a partition's records in one thread, as its entities would; the alerts they raise are dropped. Holds all
 * accounts in memory. For one thread.
 */
public final class PartitionFold {

    private final SharedScorer scorer;
    private final AccountFold<ScoredAccount> fold;
    private final LongFunction<ContextRef> contextAt;
    private final Map<String, ScoredAccount> accounts = new HashMap<>();
    private @Nullable ContextRef loaded;
    private long events;

    /**
     * A partition without accounts.
     *
     * @param contextAt what the record at an offset is decided under
     */
    public PartitionFold(SharedScorer scorer, String generation, int partition, LongFunction<ContextRef> contextAt) {
        this.scorer = scorer;
        this.fold = ScoredAccount.fold(scorer, generation, partition);
        this.contextAt = contextAt;
    }

    /** Takes records, and loads what they are decided under; UncheckedIOException if that cannot be had. */
    public void take(EventGroup group) {
        for (LoggedEvent event : group.events()) {
            String account = event.transaction().account();
            if (event.erases()) {
                accounts.remove(account);
            } else {
                ContextRef context = contextAt.apply(event.offset());
                load(context);
                accounts.computeIfAbsent(account, name -> fold.open(null, context))
                        .fold(event, context);
            }
        }
        events += group.events().size();
    }

    private void load(ContextRef context) {
        if (!context.equals(loaded)) {
            try {
                scorer.load(context);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            loaded = context;
        }
    }

    /** Events taken. */
    public long events() {
        return events;
    }

    /** All states. */
    public List<AccountBytes> states() {
        List<AccountBytes> states = new ArrayList<>();
        accounts.forEach((account, folded) -> states.add(new AccountBytes(account, folded.snapshot())));
        return states;
    }
}
