package io.outrider.detection;

import io.outrider.core.account.AccountView;
import io.outrider.core.decision.Assessment;
import io.outrider.core.event.Transaction;
import io.outrider.core.port.AccountQueries;
import io.outrider.core.port.UnavailableException;
import io.outrider.core.port.WhatIf;
import io.outrider.detection.entity.AccountNames;
import io.outrider.detection.entity.PartitionEntity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;

/**
 * Answers questions about accounts by asking the partitions they are on, on whichever node these run. A partition that
 * moves is waited for, within a limit. Thread-safe.
 */
final class AccountDirectory implements AccountQueries, WhatIf {

    /** A node that does not answer for so long may have lost the partition meanwhile: look again. */
    private static final Duration TRY_TIMEOUT = Duration.ofSeconds(1);

    private static final Duration RETRY_PAUSE = Duration.ofMillis(100);

    private final ActorSystem<?> system;
    private final Partitions partitions;
    private final Duration timeout;

    /** Which partitions there are, and which one an account is on. */
    interface Partitions {

        /** How many there are. */
        int count();

        /** The partition an account's events lie on. */
        int of(String account);

        /** A partition that is to run on this node, whether it does at the moment or not; null if it is not here. */
        @Nullable
        ActorRef<PartitionEntity.Command> here(int partition);
    }

    /** @param timeout how long a question may take, attempts and pauses together */
    AccountDirectory(ActorSystem<?> system, Partitions partitions, Duration timeout) {
        this.system = system;
        this.partitions = partitions;
        this.timeout = timeout;
    }

    @Override
    public CompletionStage<Optional<AccountView>> account(String account) {
        return ask(partitions.of(account), replyTo -> new PartitionEntity.Find(account, replyTo));
    }

    @Override
    public CompletionStage<Assessment> assess(Transaction transaction) {
        return ask(partitions.of(transaction.account()), replyTo -> new PartitionEntity.Assess(transaction, replyTo));
    }

    @Override
    public CompletionStage<List<AccountView>> accounts(@Nullable String after, int limit) {
        List<CompletableFuture<AccountNames>> pages = new ArrayList<>();
        for (int partition = 0; partition < partitions.count(); partition++) {
            pages.add(this.<AccountNames>ask(partition, replyTo -> new PartitionEntity.Names(after, limit, replyTo))
                    .toCompletableFuture());
        }
        return allOf(pages).thenCompose(found -> {
            List<String> names = new ArrayList<>();
            found.forEach(page -> names.addAll(page.names()));
            return views(AccountNames.first(names, after, limit).names());
        });
    }

    private CompletionStage<List<AccountView>> views(List<String> accounts) {
        List<CompletableFuture<Optional<AccountView>>> views = new ArrayList<>();
        accounts.forEach(account -> views.add(account(account).toCompletableFuture()));
        return allOf(views).thenApply(found -> {
            List<AccountView> present = new ArrayList<>();
            found.forEach(view -> view.ifPresent(present::add));
            return present;
        });
    }

    private <T> CompletionStage<T> ask(
            int partition, Function<ActorRef<StatusReply<T>>, PartitionEntity.Command> question) {
        return ask(partition, question, System.nanoTime() + timeout.toNanos());
    }

    private <T> CompletionStage<T> ask(
            int partition, Function<ActorRef<StatusReply<T>>, PartitionEntity.Command> question, long deadline) {
        Duration left = Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
        Duration once = left.compareTo(TRY_TIMEOUT) < 0 ? left : TRY_TIMEOUT;
        return find(partition, once)
                .thenCompose(entity -> AskPattern.askWithStatus(entity, question, once, system.scheduler()))
                .exceptionallyCompose(failure -> {
                    Throwable cause = unavailable(partition, failure);
                    boolean again = cause instanceof UnavailableException
                            && deadline - System.nanoTime() > RETRY_PAUSE.toNanos();
                    return again
                            ? Patterns.after(
                                    RETRY_PAUSE, system.classicSystem(), () -> ask(partition, question, deadline))
                            : CompletableFuture.failedFuture(cause);
                });
    }

    private CompletionStage<ActorRef<PartitionEntity.Command>> find(int partition, Duration limit) {
        ActorRef<PartitionEntity.Command> here = partitions.here(partition);
        if (here != null) {
            return CompletableFuture.completedFuture(here);
        }
        ServiceKey<PartitionEntity.Command> key = PartitionEntity.key(partition);
        return AskPattern.<Receptionist.Command, Receptionist.Listing>ask(
                        system.receptionist(), replyTo -> Receptionist.find(key, replyTo), limit, system.scheduler())
                .thenApply(listing -> listing.getServiceInstances(key).stream()
                        .findAny()
                        .orElseThrow(
                                () -> new UnavailableException("partition " + partition + " is running on no node")));
    }

    private static Throwable unavailable(int partition, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof TimeoutException) {
            return new UnavailableException("partition " + partition + " does not answer in time", cause);
        }
        return cause instanceof StatusReply.ErrorMessage
                ? new UnavailableException(String.valueOf(cause.getMessage()))
                : cause;
    }

    private static <T> CompletableFuture<List<T>> allOf(List<CompletableFuture<T>> stages) {
        return CompletableFuture.allOf(stages.toArray(new CompletableFuture<?>[0]))
                .thenApply(done -> stages.stream().map(CompletableFuture::join).toList());
    }
}
