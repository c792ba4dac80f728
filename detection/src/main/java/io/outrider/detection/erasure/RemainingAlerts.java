package io.outrider.detection.erasure;

import io.outrider.core.alert.Alert;
import io.outrider.core.erasure.ErasureList;
import io.outrider.detection.alert.RecentAlerts;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Recent alerts without those of erased accounts, which their topic and the index still have. Thread-safe. */
public final class RemainingAlerts implements RecentAlerts {

    private final RecentAlerts all;
    private final Supplier<ErasureList> erasures;

    public RemainingAlerts(RecentAlerts all, Supplier<ErasureList> erasures) {
        this.all = all;
        this.erasures = erasures;
    }

    private boolean remains(Alert alert) {
        return !erasures.get()
                .coversTransaction(
                        alert.transaction().account(), alert.receipt().position());
    }

    @Override
    public Recent recent() {
        Recent recent = all.recent();
        return erasures.get().requests().isEmpty()
                ? recent
                : new Recent(recent.alerts().stream().filter(this::remains).toList(), recent.keptFrom());
    }

    @Override
    public Optional<Alert> find(String id) {
        return all.find(id).filter(this::remains);
    }

    /** A page may be short of what was asked for; its cursor goes on all the same. */
    @Override
    public Page page(@Nullable String account, @Nullable String cursor, int limit) {
        Page page = all.page(account, cursor, limit);
        return new Page(page.items().stream().filter(this::remains).toList(), page.next());
    }

    @Override
    public Flow.Publisher<Item> stream(@Nullable String cursor) {
        Flow.Publisher<Item> items = all.stream(cursor);
        return subscriber -> items.subscribe(new Sieve(subscriber));
    }

    /** Passes on what remains, and asks for another in place of each that does not. */
    private final class Sieve implements Flow.Subscriber<Item> {

        private final Flow.Subscriber<? super Item> to;
        private Flow.@Nullable Subscription subscription;
        private boolean afterGap;

        Sieve(Flow.Subscriber<? super Item> to) {
            this.to = to;
        }

        @Override
        public void onSubscribe(Flow.Subscription from) {
            subscription = from;
            to.onSubscribe(from);
        }

        @Override
        public void onNext(Item item) {
            if (remains(item.alert())) {
                to.onNext(afterGap ? new Item(item.cursor(), item.alert(), true) : item);
                afterGap = false;
            } else {
                afterGap |= item.afterGap();
                Flow.Subscription from = subscription;
                if (from != null) {
                    from.request(1);
                }
            }
        }

        @Override
        public void onError(Throwable failure) {
            to.onError(failure);
        }

        @Override
        public void onComplete() {
            to.onComplete();
        }
    }
}
