package io.outrider.core.risk;

import io.outrider.core.encoding.StateReader;
import io.outrider.core.encoding.StateWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@link RiskTable} to bytes and back; equal tables give equal bytes, on every machine.
 *
 * <p>Format 1, in the encodings of {@link StateWriter}: the byte 1; verdicts and frauds in all, unsigned; merchants, then
 * accounts, each as their number and, in the order of their names, name and trail; {@link Checksum}. A trail is four
 * counts (transactions, verdicts, frauds, frauds on usual amounts), four unsigned totals (verdicts, frauds, run of frauds,
 * run of frauds on usual amounts), and four times (start of the run, last genuine transaction before it, last fraud, last
 * genuine transaction). Counts are their newest time and, if there is one, how many of the 59 slots are not 0, and each of
 * those as slot and count: 13 slots of 2 hours, 15 of 12 hours, 31 of a day. A time is 0 for none, or its zigzag in
 * milliseconds plus one.
 */
public final class RiskTableCodec {

    private static final int FORMAT = 1;
    private static final int MAX_NAME_BYTES = 1024;

    private RiskTableCodec() {}

    public static byte[] encode(RiskTable table) {
        StateWriter out = new StateWriter();
        out.byteValue(FORMAT);
        out.unsigned(table.totals().verdicts());
        out.unsigned(table.totals().frauds());
        write(out, table.merchants());
        write(out, table.accounts());
        return Checksum.append(out.toBytes());
    }

    /** Reads a table; IllegalArgumentException if the bytes are damaged or of another format. */
    public static RiskTable decode(byte[] bytes) {
        StateReader in = new StateReader(Checksum.verified(bytes));
        int format = in.byteValue();
        if (format != FORMAT) {
            throw new IllegalArgumentException(
                    "risk table of format " + format + ", this program reads format " + FORMAT);
        }
        RiskTable.Totals totals = new RiskTable.Totals(in.unsigned(), in.unsigned());
        Map<String, VerdictTrail> merchants = read(in);
        Map<String, VerdictTrail> accounts = read(in);
        in.end();
        return new RiskTable(merchants, accounts, totals);
    }

    static void write(StateWriter out, Map<String, VerdictTrail> trails) {
        out.unsigned(trails.size());
        new TreeMap<>(trails).forEach((name, trail) -> {
            out.text(name);
            trail.write(out);
        });
    }

    static Map<String, VerdictTrail> read(StateReader in) {
        int size = in.unsigned(Integer.MAX_VALUE);
        Map<String, VerdictTrail> trails = new HashMap<>();
        for (int i = 0; i < size; i++) {
            String name = in.text(MAX_NAME_BYTES);
            trails.put(name, VerdictTrail.read(in));
        }
        return trails;
    }
}
