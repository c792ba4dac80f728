package io.outrider.training.supervisor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.outrider.core.port.BlobStore;
import io.outrider.core.run.Run;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The history of runs in the lake: {@code runs/KIND/000000012.json}, one document a run, and {@code runs/KIND/schedule.json},
 * up to when the schedule has been seen to. Every write is conditional on what this object has read or written last, so of
 * two supervisors only one goes on. Calls block. Not thread-safe.
 */
final class RunFiles {

    private static final Logger LOG = LoggerFactory.getLogger(RunFiles.class);
    private static final Pattern NAME = Pattern.compile("\\d{9,18}\\.json");

    private final BlobStore lake;
    private final ObjectMapper json = RunJson.mapper().enable(SerializationFeature.INDENT_OUTPUT);
    private final Map<String, String> etags = new HashMap<>();

    /**
     * Up to when a schedule has been seen to.
     *
     * @param cron the schedule that is meant; of another, nothing has been missed yet
     */
    record Mark(String cron, String zone, Instant until) {

        static Mark of(Schedule schedule, Instant until) {
            return new Mark(schedule.cron(), schedule.zone().getId(), until);
        }

        boolean isOf(Schedule schedule) {
            return equals(of(schedule, until));
        }
    }

    RunFiles(BlobStore lake) {
        this.lake = lake;
    }

    /** Another supervisor has written meanwhile: begin again from what stands in the lake. */
    static final class FencedException extends IOException {

        private static final long serialVersionUID = 1;

        FencedException(String name) {
            super("another supervisor has written " + name);
        }
    }

    /**
     * The runs of a kind that the lake has.
     *
     * @param runs oldest first; without those whose document can't be read
     * @param highest number that is taken, 0 if none is
     */
    record History(List<Run> runs, long highest) {}

    /** Reads a kind's history; a document that can't be read is passed over, loudly. */
    History load(String kind) throws IOException {
        List<Run> runs = new ArrayList<>();
        long highest = 0;
        String folder = folder(kind);
        for (BlobStore.Entry entry : lake.list(folder)) {
            if (!NAME.matcher(entry.name().substring(folder.length())).matches()) {
                continue;
            }
            highest = Long.parseLong(
                    entry.name().substring(folder.length(), entry.name().length() - ".json".length()));
            Optional<Run> run = read(entry.name(), Run.class);
            if (run.isPresent() && name(run.get()).equals(entry.name())) {
                runs.add(run.get());
            } else {
                LOG.error("{} is no run that this program can read; it is left out of the history", entry.name());
            }
        }
        return new History(runs, highest);
    }

    /** Writes a run as it is now; FencedException if somebody else has written it since. */
    void put(Run run) throws IOException {
        write(name(run), run);
    }

    void delete(Run run) throws IOException {
        lake.delete(name(run));
        etags.remove(name(run));
    }

    Optional<Mark> mark(String kind) throws IOException {
        return read(folder(kind) + "schedule.json", Mark.class);
    }

    void putMark(String kind, Mark mark) throws IOException {
        write(folder(kind) + "schedule.json", mark);
    }

    private <T> Optional<T> read(String name, Class<T> type) throws IOException {
        Optional<BlobStore.Blob> blob = lake.get(name);
        if (blob.isEmpty()) {
            return Optional.empty();
        }
        etags.put(name, blob.get().etag());
        try {
            return Optional.ofNullable(json.readValue(blob.get().content(), type));
        } catch (JsonProcessingException e) {
            LOG.error("{} cannot be read", name, e);
            return Optional.empty();
        }
    }

    private void write(String name, Object content) throws IOException {
        byte[] bytes = json.writeValueAsBytes(content);
        String etag = etags.get(name);
        Optional<String> written = etag == null ? lake.putIfAbsent(name, bytes) : lake.putIfMatch(name, bytes, etag);
        etags.put(name, written.orElseThrow(() -> new FencedException(name)));
    }

    private static String name(Run run) {
        return folder(run.kind()) + String.format("%09d.json", run.number());
    }

    private static String folder(String kind) {
        return "runs/" + kind + "/";
    }
}
