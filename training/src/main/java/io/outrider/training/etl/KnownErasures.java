package io.outrider.training.etl;

import io.outrider.core.erasure.ErasureList;
import io.outrider.core.erasure.ErasureRequest;
import io.outrider.core.event.Erasure;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.lake.erasure.ErasureFiles;
import java.io.IOException;
import java.util.Objects;

/**
 * What a partition's replay makes of erasures: it leaves out what they erase, as if that had never been in the log, and the
 * states that came of it. So an account begins anew behind its erasure, as it does live. For one thread.
 */
final class KnownErasures {

    private static final LogPosition NOWHERE = new LogPosition("", -1, 0);

    private final ErasureList list;
    private final ErasureFiles files;
    private final String generation;
    private final int partition;

    /**
     * Of a partition.
     *
     * @param list as it was when the replay began
     * @param files where the list is kept
     */
    KnownErasures(ErasureList list, ErasureFiles files, String generation, int partition) {
        this.list = list;
        this.files = files;
        this.generation = generation;
        this.partition = partition;
    }

    /** Whether an event is erased. */
    boolean leavesOut(Transaction event, long sequenceNumber) {
        return covers(event.account(), sequenceNumber);
    }

    /** Whether an account's state is that of before its erasure; {@code next} is the first record that is not in it. */
    boolean forgets(String account, long next) {
        return covers(account, next - 1);
    }

    private boolean covers(String account, long sequenceNumber) {
        return !list.requests().isEmpty()
                && list.coversTransaction(account, new LogPosition(generation, partition, sequenceNumber));
    }

    /**
     * The replay has come to an erasure. One that was not in the list when it began has erased what is folded already: then
     * this is to be done again, with the list {@link #complete}.
     */
    void met(Erasure erasure, long sequenceNumber) throws IOException {
        if (!isListed(list, erasure, files.hash().of(erasure.account()))) {
            complete(erasure, sequenceNumber);
            throw new IOException("an account was erased while its partition " + partition + " was read: run again");
        }
    }

    /**
     * Completes the list where the node that was asked has died over an erasure, or where it has the account by another name
     * than it goes by here: it was asked for under another key of pseudonyms. The other name stays: what was made under that
     * key is still there.
     */
    void complete(Erasure erasure, long sequenceNumber) throws IOException {
        String account = files.hash().of(erasure.account());
        LogPosition here = new LogPosition(generation, partition, sequenceNumber);
        ErasureRequest request = new ErasureRequest(erasure.id(), account, "", "", null, null, null);
        ErasureList now = files.list();
        for (ErasureRequest known : now.requests()) {
            if (known.id().equals(erasure.id())) {
                request = known.account().equals(account)
                        ? known
                        : known.of(erasure.id() + "-renamed-" + account.substring(0, 16), account);
            }
        }
        if (!isListed(now, erasure, account)) {
            LogPosition labels = Objects.requireNonNullElse(request.labels(), NOWHERE);
            files.put(request.logged(here, labels));
        }
    }

    private static boolean isListed(ErasureList list, Erasure erasure, String account) {
        return list.requests().stream()
                .anyMatch(request -> request.id().startsWith(erasure.id())
                        && request.transactions() != null
                        && request.account().equals(account));
    }
}
