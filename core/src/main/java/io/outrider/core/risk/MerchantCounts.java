package io.outrider.core.risk;

import io.outrider.core.encoding.StateReader;
import io.outrider.core.encoding.StateWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How many transactions each merchant had, in buckets of two hours of event time: what a partition reports. The same
 * transactions in any order, or in parts that are added up, give the same counts. Belongs to one thread.
 *
 * <p>Bytes, in the encodings of {@link StateWriter}: the byte 1; the newest event time; the number of merchants and, in
 * the order of their names, name and volume; {@link Checksum}.
 */
public final class MerchantCounts {

    private static final int FORMAT = 1;
    private static final int MAX_NAME_BYTES = 1024;

    private final Map<String, MerchantVolume> volumes = new HashMap<>();
    private long newestMs = MerchantHistory.NEVER;

    /** Counts a transaction by its event time; one without a merchant only tells the time. */
    public void add(@Nullable String merchant, long eventTimeMs) {
        newestMs = Math.max(newestMs, eventTimeMs);
        if (merchant != null) {
            volumes.computeIfAbsent(merchant, name -> new MerchantVolume()).add(eventTimeMs);
        }
    }

    /** Whether no transaction was counted. */
    public boolean isEmpty() {
        return newestMs == MerchantHistory.NEVER;
    }

    /** Newest event time, milliseconds since the epoch; {@link MerchantHistory#NEVER} if there is none. */
    public long newestMs() {
        return newestMs;
    }

    Map<String, MerchantVolume> volumes() {
        return volumes;
    }

    /**
     * Adds another's counts.
     *
     * @param maxMerchants merchants beyond so many are left out
     * @return how many merchants were left out
     */
    int add(MerchantCounts other, int maxMerchants) {
        newestMs = Math.max(newestMs, other.newestMs);
        int leftOut = 0;
        for (Map.Entry<String, MerchantVolume> entry : new TreeMap<>(other.volumes).entrySet()) {
            MerchantVolume volume = volumes.get(entry.getKey());
            if (volume == null && volumes.size() >= maxMerchants) {
                leftOut++;
                continue;
            }
            if (volume == null) {
                volume = new MerchantVolume();
                volumes.put(entry.getKey(), volume);
            }
            volume.add(entry.getValue());
        }
        return leftOut;
    }

    /** The counts as bytes; equal counts give equal bytes. */
    public byte[] encode() {
        StateWriter out = new StateWriter();
        write(out);
        return Checksum.append(out.toBytes());
    }

    /** Reads counts; IllegalArgumentException if the bytes are damaged or of another format. */
    public static MerchantCounts decode(byte[] bytes) {
        StateReader in = new StateReader(Checksum.verified(bytes));
        MerchantCounts counts = read(in);
        in.end();
        return counts;
    }

    void write(StateWriter out) {
        out.byteValue(FORMAT);
        RiskTimes.write(out, newestMs);
        out.unsigned(volumes.size());
        new TreeMap<>(volumes).forEach((merchant, volume) -> {
            out.text(merchant);
            volume.write(out);
        });
    }

    static MerchantCounts read(StateReader in) {
        int format = in.byteValue();
        if (format != FORMAT) {
            throw new IllegalArgumentException(
                    "merchant counts of format " + format + ", this program reads format " + FORMAT);
        }
        MerchantCounts counts = new MerchantCounts();
        counts.newestMs = RiskTimes.read(in);
        int size = in.unsigned(Integer.MAX_VALUE);
        for (int i = 0; i < size; i++) {
            String merchant = in.text(MAX_NAME_BYTES);
            counts.volumes.put(merchant, MerchantVolume.read(in));
        }
        return counts;
    }
}
