package io.outrider.core.port;

import io.outrider.core.account.AccountView;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads accounts from wherever they live. A stage fails with {@link UnavailableException} while a partition is moving. */
public interface AccountQueries {

    /** One account, or empty if no event of it was ever accepted. */
    CompletionStage<Optional<AccountView>> account(String account);

    /** Up to {@code limit} accounts with ids above {@code after} (all if null), by id ascending (code-point order). */
    CompletionStage<List<AccountView>> accounts(@Nullable String after, int limit);
}
