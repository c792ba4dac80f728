package io.outrider.ingestion.rekey;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Per output partition, an offset below which no copy of a source record at or above the committed offset can lie: a
 * search for such copies begins there. Kept as metadata of the committed source offset, so that both change in one
 * write: {@code GENERATION;f0,f1,…}, the ingress topic's generation and the floors in base 36, first of the
 * transactions topic's partitions, then of the dead letters'. At Kafka's 4,096 characters this holds some 400
 * partitions.
 */
record Floors(String generation, long[] offsets) {

    private static final int RADIX = 36;

    String metadata() {
        StringBuilder text = new StringBuilder(generation).append(';');
        for (int i = 0; i < offsets.length; i++) {
            text.append(i == 0 ? "" : ",").append(Long.toString(offsets[i], RADIX));
        }
        return text.toString();
    }

    /** Reads {@link #metadata}; null if it is none, or of other outputs. */
    static @Nullable Floors parse(String metadata, int outputs) {
        int end = metadata.indexOf(';');
        if (end <= 0) {
            return null;
        }
        String[] parts = metadata.substring(end + 1).split(",", -1);
        if (parts.length != outputs) {
            return null;
        }
        try {
            long[] offsets = Arrays.stream(parts)
                    .mapToLong(part -> Long.parseLong(part, RADIX))
                    .toArray();
            return new Floors(metadata.substring(0, end), offsets);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Floors floors
                && generation.equals(floors.generation)
                && Arrays.equals(offsets, floors.offsets);
    }

    @Override
    public int hashCode() {
        return generation.hashCode() * 31 + Arrays.hashCode(offsets);
    }
}
