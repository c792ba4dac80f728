package io.outrider.detection.protocol;

import io.outrider.lake.checkpoint.AccountStream;
import io.outrider.lake.checkpoint.RestoredAccounts;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * The accounts of one run that are not in memory, with their states as of the last durable barrier. What is in here is
 * scratch: it is loaded from a checkpoint at a claim and thrown away with the run. Belongs to the run's thread, but for
 * what {@link #cut} and {@link #names} return. Calls throw {@link UncheckedIOException} if the states cannot be kept or
 * had again; then the run is lost.
 */
public interface PassiveAccounts extends RestoredAccounts, AutoCloseable {

    /** How many there are. */
    int size();

    /** Length of all states together. */
    long bytes();

    /** The account's state; null if it is not here. */
    byte @Nullable [] read(String account);

    /** Removes an account and returns its state; null if it is not here. */
    byte @Nullable [] take(String account);

    /**
     * Takes in an account that leaves memory, or forgets it where the state has no bytes.
     *
     * @param known whether the account has been in here before
     */
    void put(String account, byte[] state, boolean known);

    /** All accounts as they are now, for any thread. At most one cut is open at a time. */
    AccountStream cut();

    /** Ends the cut: it is not read any more. */
    void endCut();

    /** The names of all accounts that have ever been here, those taken meanwhile included, once each; for any thread. */
    Iterable<String> names();

    @Override
    void close();
}
