package io.outrider.lake.rollout;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.outrider.core.drift.DriftCounts;
import io.outrider.core.port.BlobStore;
import io.outrider.core.port.BlobStore.Blob;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What nodes counted of the traffic, hour by hour: {@code models/<plan>/drift/<model>/<hour>-<node>.json}, {@link DriftCounts} as
 * JSON in the bins of that model's reference. The hour counts from 1970. Each is written by its node alone, over and over
 * within the hour. Calls block. Thread-safe.
 */
public final class DriftFiles {

    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    private static final String ENDING = ".json";

    private final BlobStore lake;
    private final String prefix;

    /** Those of the plan of the given name. */
    public DriftFiles(BlobStore lake, String plan) {
        this.lake = lake;
        this.prefix = "models/" + plan + "/drift/";
    }

    /** Replaces a node's counts of an hour. */
    public void put(String modelVersion, long hour, String node, DriftCounts counts) throws IOException {
        try {
            lake.put(prefix + modelVersion + "/" + hour + "-" + node + ENDING, JSON.writeValueAsBytes(counts));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("counts are always writable", e);
        }
    }

    /** The names of all there is, of any model. */
    public List<String> names() throws IOException {
        return lake.list(prefix).stream()
                .map(BlobStore.Entry::name)
                .filter(name -> name.endsWith(ENDING))
                .toList();
    }

    /** The names of all there is of a model, to be passed to {@link #sum}. */
    public List<String> names(String modelVersion) throws IOException {
        return names().stream().filter(of(modelVersion)).toList();
    }

    /** Which names are a model's. */
    public Predicate<String> of(String modelVersion) {
        String folder = prefix + modelVersion + "/";
        return name -> name.startsWith(folder);
    }

    /** The first hour that some names tell of; {@link Long#MAX_VALUE} for none. */
    public static long firstHour(List<String> names) {
        return names.stream().mapToLong(DriftFiles::hour).min().orElse(Long.MAX_VALUE);
    }

    /** The sum of those of some hours, in the bins of {@code none}. */
    public DriftCounts sum(List<String> names, LongPredicate hours, DriftCounts none) throws IOException {
        return sum(names, hours, none, UnaryOperator.identity());
    }

    /** The sum of what those of some hours tell of events and fields, which are counted alike whatever model decides. */
    public DriftCounts fields(List<String> names, LongPredicate hours) throws IOException {
        return sum(names, hours, DriftCounts.NO_FIELDS, DriftCounts::withoutColumns);
    }

    private DriftCounts sum(List<String> names, LongPredicate hours, DriftCounts none, UnaryOperator<DriftCounts> part)
            throws IOException {
        DriftCounts sum = none;
        for (String name : names) {
            if (hours.test(hour(name))) {
                Optional<Blob> found = lake.get(name);
                if (found.isPresent()) {
                    sum = sum.plus(part.apply(decode(name, found.get().content())));
                }
            }
        }
        return sum;
    }

    /** Deletes what no report looks at any more. */
    public void deleteBefore(long hour) throws IOException {
        for (BlobStore.Entry entry : lake.list(prefix)) {
            if (hour(entry.name()) < hour) {
                lake.delete(entry.name());
            }
        }
    }

    private static long hour(String name) {
        String file = name.substring(name.lastIndexOf('/') + 1);
        int end = file.indexOf('-');
        return end > 0 && file.substring(0, end).matches("\\d{1,12}") ? Long.parseLong(file.substring(0, end)) : -1;
    }

    private static DriftCounts decode(String name, byte[] content) throws IOException {
        try {
            return JSON.readValue(content, DriftCounts.class);
        } catch (JsonProcessingException e) {
            throw new IOException(name + " cannot be read: " + e.getMessage(), e);
        }
    }
}
