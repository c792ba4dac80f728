package io.outrider.detection;

import io.outrider.core.account.AccountView;
import io.outrider.core.decision.Assessment;
import io.outrider.core.event.Transaction;
import io.outrider.core.port.AccountQueries;
import io.outrider.core.port.UnavailableException;
import io.outrider.core.port.WhatIf;
import io.outrider.detection.entity.PartitionEntity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;

/** Answers questions about accounts by asking the partitions they are on. Thread-safe. */
final class AccountDirectory implements AccountQueries, WhatIf {

    /** Ids are compared by code point, as the port says; Java compares by UTF-16 unit. */
    static final Comparator<String> BY_CODE_POINT = (a, b) -> {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                // Surrogates stand for code points above all others.
                boolean sameKind = Character.isSurrogate(x) == Character.isSurrogate(y);
                return sameKind ? Character.compare(x, y) : Character.isSurrogate(x) ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    };

    private final ActorSystem<?> system;
    private final Partitions partitions;
    private final Duration timeout;

    /** Which partitions there are on this node, and which one an account is on. */
    interface Partitions {

        /** The partition an account's events lie on; fails with {@link UnavailableException} if it is not here. */
        ActorRef<PartitionEntity.Command> of(String account);

        /** All that are to run here, whether they do at the moment or not. */
        Collection<ActorRef<PartitionEntity.Command>> all();
    }

    AccountDirectory(ActorSystem<?> system, Partitions partitions, Duration timeout) {
        this.system = system;
        this.partitions = partitions;
        this.timeout = timeout;
    }

    @Override
    public CompletionStage<Optional<AccountView>> account(String account) {
        return onPartitionOf(account, replyTo -> new PartitionEntity.Find(account, replyTo));
    }

    @Override
    public CompletionStage<Assessment> assess(Transaction transaction) {
        return onPartitionOf(transaction.account(), replyTo -> new PartitionEntity.Assess(transaction, replyTo));
    }

    @Override
    public CompletionStage<List<AccountView>> accounts(@Nullable String after, int limit) {
        List<CompletableFuture<String[]>> names = new ArrayList<>();
        for (ActorRef<PartitionEntity.Command> partition : partitions.all()) {
            names.add(ask(partition, PartitionEntity.Names::new).toCompletableFuture());
        }
        return allOf(names).thenCompose(lists -> views(first(lists, after, limit)));
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

    /** The first names behind one, without sorting all there are: a page is small, a node may have millions. */
    static List<String> first(List<String[]> lists, @Nullable String after, int limit) {
        PriorityQueue<String> smallest = new PriorityQueue<>(BY_CODE_POINT.reversed());
        for (String[] list : lists) {
            for (String name : list) {
                boolean wanted = after == null || BY_CODE_POINT.compare(name, after) > 0;
                if (wanted && (smallest.size() < limit || BY_CODE_POINT.compare(name, smallest.element()) < 0)) {
                    smallest.add(name);
                    if (smallest.size() > limit) {
                        smallest.remove();
                    }
                }
            }
        }
        String[] sorted = smallest.toArray(new String[0]);
        Arrays.sort(sorted, BY_CODE_POINT);
        return Arrays.asList(sorted);
    }

    private <T> CompletionStage<T> onPartitionOf(
            String account, Function<ActorRef<StatusReply<T>>, PartitionEntity.Command> question) {
        try {
            return ask(partitions.of(account), question);
        } catch (UnavailableException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private <T> CompletionStage<T> ask(
            ActorRef<PartitionEntity.Command> partition,
            Function<ActorRef<StatusReply<T>>, PartitionEntity.Command> question) {
        return AskPattern.askWithStatus(partition, question, timeout, system.scheduler())
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(unavailable(failure)));
    }

    private static Throwable unavailable(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof TimeoutException
                ? new UnavailableException("the account's partition does not answer in time", cause)
                : cause;
    }

    private static <T> CompletableFuture<List<T>> allOf(List<CompletableFuture<T>> stages) {
        return CompletableFuture.allOf(stages.toArray(new CompletableFuture<?>[0]))
                .thenApply(done -> stages.stream().map(CompletableFuture::join).toList());
    }
}
