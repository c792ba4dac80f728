package io.outrider.training.dataset;

import io.outrider.core.port.BlobStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Who is at the datasets of a container: {@code CONTAINER/_leases/ID.json}. ETL, erasures and retention, on whatever machine they
 * run, take one each, so that nobody deletes what another is about to name. A lease is put down before others are looked
 * for, so of two who cannot bear each other at least one sees the other. Thread-safe.
 */
public final class DatasetLeases {

    private static final Duration POLL = Duration.ofMillis(250);

    /** Longer than one who has died is taken for alive. */
    private static final Duration PATIENCE = DatasetLease.LAPSE.plusSeconds(30);

    /** Whom nobody has ended for so long keeps nobody away, and is forgotten. */
    private static final Duration FORGOTTEN = Duration.ofDays(1);

    private final BlobStore lake;
    private final String folder;
    private final Clock clock;

    public DatasetLeases(BlobStore lake, String container, Clock clock) {
        this.lake = lake;
        this.folder = container + "/_leases/";
        this.clock = clock;
    }

    /** Somebody else is at the datasets; the message says who. */
    public static final class HeldException extends IOException {

        private static final long serialVersionUID = 1;

        private final String holder;

        HeldException(DatasetLease.Mark by) {
            super(by.holder() + " has been at the datasets since " + by.since() + ": run again when that has ended");
            this.holder = by.holder() + ", at the datasets since " + by.since();
        }

        /** Who it is, and since when. */
        public String holder() {
            return holder;
        }
    }

    /**
     * Takes one. Who deletes is refused while somebody is there whom that would hurt; the others wait for one who deletes.
     *
     * @param holder who takes it, for messages
     * @throws HeldException if it is not to be had now
     */
    public DatasetLease take(LeaseUse use, String holder) throws IOException {
        DatasetLease.Mark mark =
                new DatasetLease.Mark(use, holder, clock.instant().toString(), 0, false);
        DatasetLease lease = DatasetLease.begin(lake, folder + UUID.randomUUID() + ".json", mark, clock);
        try {
            Optional<DatasetLease.Mark> other = against(lease);
            long until = System.nanoTime() + PATIENCE.toNanos();
            while (other.isPresent() && !use.deletes() && System.nanoTime() < until) {
                Thread.sleep(POLL.toMillis());
                other = against(lease);
            }
            if (other.isPresent()) {
                throw new HeldException(other.get());
            }
            return lease;
        } catch (InterruptedException e) {
            lease.close();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while somebody else was at the datasets");
        } catch (IOException | RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    /** One that keeps this one out; such as have lapsed are ended. */
    private Optional<DatasetLease.Mark> against(DatasetLease lease) throws IOException {
        for (BlobStore.Entry entry : lake.list(folder)) {
            Optional<BlobStore.Blob> blob =
                    entry.name().equals(lease.name()) ? Optional.empty() : lake.get(entry.name());
            if (blob.isEmpty()) {
                continue;
            }
            DatasetLease.Mark mark = DatasetJson.read(entry.name(), blob.get().content(), DatasetLease.Mark.class);
            long silentMs = clock.millis() - entry.lastModifiedMs();
            if (!lease.use().excludes(mark.use()) && silentMs <= FORGOTTEN.toMillis()) {
                continue;
            }
            boolean lapsed = silentMs > DatasetLease.LAPSE.toMillis();
            if (!mark.ended() && (!lapsed || !end(entry.name(), mark, blob.get().etag()))) {
                return Optional.of(mark);
            }
            lake.delete(entry.name());
        }
        return Optional.empty();
    }

    /** False if its holder was faster and has renewed it. */
    private boolean end(String name, DatasetLease.Mark mark, String etag) throws IOException {
        return lake.putIfMatch(name, DatasetJson.write(mark.end()), etag).isPresent();
    }
}
