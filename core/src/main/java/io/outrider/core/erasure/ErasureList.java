package io.outrider.core.erasure;

import io.outrider.core.event.LogPosition;
import io.outrider.core.pseudonym.AccountHash;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All erasures, to be asked whether a record is one that they erase. Cheap where they lie before it. A record whose topic's
 * generation is not known (an empty one) is taken to be of the erasure's. Immutable.
 */
public final class ErasureList {

    /** Nothing was ever erased. */
    public static final ErasureList NONE =
            new ErasureList(List.of(), new AccountHash(new byte[AccountHash.MIN_KEY_BYTES]));

    private final List<ErasureRequest> requests;
    private final AccountHash hash;

    /** @param hash under which the requests name accounts */
    public ErasureList(List<ErasureRequest> requests, AccountHash hash) {
        this.requests = List.copyOf(requests);
        this.hash = hash;
    }

    /** The erasures. */
    public List<ErasureRequest> requests() {
        return requests;
    }

    /** Whether an account's record in the transactions topic is erased. */
    public boolean coversTransaction(String account, LogPosition at) {
        return covers(account, at, ErasureRequest::transactions);
    }

    /** Whether an account's record in the labels topic is erased. */
    public boolean coversLabel(String account, LogPosition at) {
        return covers(account, at, ErasureRequest::labels);
    }

    private boolean covers(String account, LogPosition at, Function<ErasureRequest, @Nullable LogPosition> place) {
        String name = null;
        for (ErasureRequest request : requests) {
            LogPosition erasure = place.apply(request);
            if (erasure != null
                    && erasure.partition() == at.partition()
                    && erasure.offset() > at.offset()
                    && (at.generation().isEmpty() || erasure.generation().equals(at.generation()))) {
                name = name == null ? hash.of(account) : name;
                if (name.equals(request.account())) {
                    return true;
                }
            }
        }
        return false;
    }
}
