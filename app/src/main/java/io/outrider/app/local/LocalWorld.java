package io.outrider.app.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.outrider.app.command.CommandException;
import io.outrider.core.port.BlobStore;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * The simulated world of a data directory, decided at its first start and kept: {@code local/world.json} in the lake.
 *
 * @param profile which kind of world
 * @param historyEnd where its past ends and its live traffic begins, ISO-8601
 * @param historyBase end of each partition's log just before the past was first sent; empty until then
 * @param historySent whether the past is on the log
 * @param sentUntil event time, ISO-8601, before which live traffic may have been sent; where it goes on
 */
record LocalWorld(String profile, String historyEnd, List<Long> historyBase, boolean historySent, String sentUntil) {

    LocalWorld {
        historyBase = List.copyOf(historyBase);
    }

    private static final String NAME = "local/world.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * How far before today live traffic begins. Simulated event time runs faster than the clock and may never pass it:
     * this is how long it can run.
     */
    private static final int LEAD_DAYS = 90;

    /** The world of this lake, made now if there is none. */
    static LocalWorld of(BlobStore lake, String profile, Instant now) throws IOException {
        Optional<BlobStore.Blob> blob = lake.get(NAME);
        if (blob.isPresent()) {
            LocalWorld world = JSON.readValue(blob.get().content(), LocalWorld.class);
            if (!world.profile().equals(profile)) {
                throw new CommandException("this data directory holds a world of profile " + world.profile() + ", not "
                        + profile + "; choose another with --data-dir");
            }
            return world;
        }
        String end = now.truncatedTo(ChronoUnit.DAYS)
                .minus(LEAD_DAYS, ChronoUnit.DAYS)
                .toString();
        LocalWorld world = new LocalWorld(profile, end, List.of(), false, end);
        world.save(lake);
        return world;
    }

    Instant historyEndAt() {
        return Instant.parse(historyEnd);
    }

    Instant sentUntilAt() {
        return Instant.parse(sentUntil);
    }

    LocalWorld withHistoryBase(List<Long> base) {
        return new LocalWorld(profile, historyEnd, base, historySent, sentUntil);
    }

    LocalWorld withHistorySent() {
        return new LocalWorld(profile, historyEnd, historyBase, true, sentUntil);
    }

    LocalWorld withSentUntil(Instant until) {
        return new LocalWorld(profile, historyEnd, historyBase, historySent, until.toString());
    }

    void save(BlobStore lake) throws IOException {
        lake.put(NAME, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
    }
}
