package io.outrider.app.node;

import io.outrider.core.account.AccountView;
import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertFilter;
import io.outrider.core.decision.Assessment;
import io.outrider.core.event.Label;
import io.outrider.core.event.Transaction;
import io.outrider.core.port.AccountQueries;
import io.outrider.core.port.AlertFeed;
import io.outrider.core.port.AlertSearch;
import io.outrider.core.port.Erasures;
import io.outrider.core.port.PastDecisions;
import io.outrider.core.port.WhatIf;
import io.outrider.core.pseudonym.AccountNames;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A node's ports where accounts are known by pseudonyms: who asks for an account by its id is answered, by its pseudonym. Ids
 * come in here and go nowhere. Thread-safe.
 */
final class PseudonymousPorts implements AccountQueries, WhatIf, AlertFeed, AlertSearch, PastDecisions, Erasures {

    private final LatePorts.Running ports;
    private final AccountNames names;

    private PseudonymousPorts(LatePorts.Running ports, AccountNames names) {
        this.ports = ports;
        this.names = names;
    }

    /** The same ports, with those that are asked for accounts behind names. */
    static LatePorts.Running over(LatePorts.Running ports, AccountNames names) {
        PseudonymousPorts named = new PseudonymousPorts(ports, names);
        return new LatePorts.Running(
                named,
                named,
                named,
                named,
                named,
                ports.reviews(),
                ports.intake(),
                ports.labels(),
                ports.runs(),
                ports.backtests(),
                ports.rollouts(),
                ports.drift(),
                ports.models(),
                ports.nodes(),
                ports.quality(),
                ports.status(),
                named);
    }

    private @Nullable String known(@Nullable String account) {
        return account == null ? null : names.of(account);
    }

    @Override
    public CompletionStage<Optional<AccountView>> account(String account) {
        return ports.accounts().account(names.of(account));
    }

    @Override
    public CompletionStage<List<AccountView>> accounts(@Nullable String after, int limit) {
        return ports.accounts().accounts(after, limit);
    }

    @Override
    public CompletionStage<Assessment> assess(Transaction transaction) {
        return ports.whatIf().assess(transaction.withAccount(names.of(transaction.account())));
    }

    @Override
    public String knownAs(String account) {
        return names.of(account);
    }

    @Override
    public Optional<Alert> find(String id) {
        return ports.alerts().find(id);
    }

    @Override
    public AlertFeed.Page page(@Nullable String account, @Nullable String cursor, int limit) {
        return ports.alerts().page(known(account), cursor, limit);
    }

    @Override
    public Flow.Publisher<Item> stream(@Nullable String cursor) {
        return ports.alerts().stream(cursor);
    }

    @Override
    public CompletionStage<AlertSearch.Page> search(
            AlertFilter filter, Order order, @Nullable String cursor, int limit) {
        return ports.search().search(filter.named(names::of), order, cursor, limit);
    }

    @Override
    public CompletionStage<Optional<Found>> findStored(String id) {
        return ports.search().findStored(id);
    }

    @Override
    public CompletionStage<Optional<List<Similar>>> similar(String id, int limit) {
        return ports.search().similar(id, limit);
    }

    @Override
    public CompletionStage<Optional<Replay>> replay(String id) {
        return ports.search().replay(id);
    }

    @Override
    public CompletionStage<List<Known>> transaction(@Nullable String account, String transactionId) {
        return ports.search().transaction(known(account), transactionId);
    }

    @Override
    public CompletionStage<PastDecisions.Search> past(String account, String transactionId, @Nullable LocalDate on) {
        return ports.past().past(names.of(account), transactionId, on);
    }

    @Override
    public List<Label> labels(String account, String transactionId) {
        return ports.search().labels(names.of(account), transactionId);
    }

    @Override
    public boolean knowsLabels() {
        return ports.search().knowsLabels();
    }

    @Override
    public CompletionStage<Standing> erase(String account, String by) {
        return ports.erasures().erase(names.of(account), by);
    }

    @Override
    public CompletionStage<Optional<Standing>> erasure(String id) {
        return ports.erasures().erasure(id);
    }

    @Override
    public CompletionStage<List<Standing>> erasures() {
        return ports.erasures().erasures();
    }
}
