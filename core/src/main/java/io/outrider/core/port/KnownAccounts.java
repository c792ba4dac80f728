package io.outrider.core.port;

/** The names under which accounts are known behind a port. Thread-safe. */
public interface KnownAccounts {

    /** The name under which answers have an account that is asked about by its id or its name. */
    default String knownAs(String account) {
        return account;
    }
}
