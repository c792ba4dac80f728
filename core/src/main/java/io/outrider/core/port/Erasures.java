package io.outrider.core.port;

import io.outrider.core.erasure.ErasureRequest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Has accounts erased, and tells how far that is. Stages fail with {@link UnavailableException}. Thread-safe. */
public interface Erasures {

    /**
     * How far an erasure is.
     *
     * @param state whether a checkpoint without the account's state is durable
     * @param alerts whether the alert store's files have nothing of it any more
     * @param datasets whether the datasets have nothing of it any more
     */
    record Standing(ErasureRequest request, boolean state, boolean alerts, boolean datasets) {

        public boolean finished() {
            return state && alerts && datasets;
        }
    }

    /**
     * Erases an account; what answers questions leaves it out from when this completes. One that is under way already is not
     * begun again.
     */
    CompletionStage<Standing> erase(String account, String by);

    /** An erasure by its id. */
    CompletionStage<Optional<Standing>> erasure(String id);

    /** All there were, newest first: who had one made, and when. */
    CompletionStage<List<Standing>> erasures();
}
