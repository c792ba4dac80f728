package io.outrider.core.pseudonym;

import io.outrider.core.partition.AccountPartitioner;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The names under which accounts are known behind their topic: their ids, or pseudonyms, {@code pn-}, 32 hexadecimal digits of
 * HMAC-SHA-256 of the id, and a counter.
 *
 * <p>The counter is the first from 0 on, in base 36, with which the pseudonym belongs on the partition that the id belongs on,
 * so whoever has either finds the account, and nobody else has to know that there are pseudonyms. It costs as many partitioner's
 * hashes as there are partitions, on average. It tells the partition, which an alert's id tells, too.
 *
 * <p>A pseudonym's own name is itself, so naming twice is naming once. Thread-safe.
 */
public final class AccountNames {

    /** Accounts are known by their ids. */
    public static final AccountNames IDS = new AccountNames(null, null, 1);

    private static final String PREFIX = "pn-";
    private static final int DIGITS = 32;
    private static final int COUNTER_AT = PREFIX.length() + DIGITS + 1;
    private static final int RADIX = 36;

    /** Names kept at most, about 200 bytes each: accounts that send much are named once. */
    private static final int KEPT = 1_024;

    private final @Nullable AccountHash hash;
    private final @Nullable AccountPartitioner partitioner;
    private final int partitions;
    private final AtomicReferenceArray<@Nullable Named> kept = new AtomicReferenceArray<>(KEPT);

    private record Named(String account, String name) {}

    AccountNames(@Nullable AccountHash hash, @Nullable AccountPartitioner partitioner, int partitions) {
        this.hash = hash;
        this.partitioner = partitioner;
        this.partitions = partitions;
    }

    /** The name of an account, be it given by its id or by its name. */
    public String of(String account) {
        if (hash == null || partitioner == null || isPseudonym(account)) {
            return account;
        }
        int place = account.hashCode() & KEPT - 1;
        Named known = kept.get(place);
        if (known != null && known.account().equals(account)) {
            return known.name();
        }
        String name = pseudonym(hash, partitioner, account);
        kept.set(place, new Named(account, name));
        return name;
    }

    private String pseudonym(AccountHash with, AccountPartitioner placing, String account) {
        int partition = placing.partition(account, partitions);
        String stem = PREFIX + with.of(account).substring(0, DIGITS) + "-";
        for (int counter = 0; ; counter++) {
            String name = stem + Integer.toString(counter, RADIX);
            if (placing.partition(name, partitions) == partition) {
                return name;
            }
        }
    }

    /** Whether a text has the form of a pseudonym. */
    static boolean isPseudonym(String text) {
        if (text.length() <= COUNTER_AT || text.length() > COUNTER_AT + 6 || !text.startsWith(PREFIX)) {
            return false;
        }
        for (int at = PREFIX.length(); at < text.length(); at++) {
            char c = text.charAt(at);
            boolean digit = c >= '0' && c <= '9';
            boolean good = at < COUNTER_AT - 1
                    ? digit || (c >= 'a' && c <= 'f')
                    : at == COUNTER_AT - 1 ? c == '-' : digit || (c >= 'a' && c <= 'z');
            if (!good) {
                return false;
            }
        }
        return true;
    }
}
