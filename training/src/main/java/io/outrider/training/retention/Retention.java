package io.outrider.training.retention;

import io.outrider.core.port.BlobStore;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.Datasets;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds what is to go, in the order in which it may: what is named goes after what names it, so a lake in which only a part of it
 * has gone reads as one in which the rest was never there. Changes nothing. Thread-safe.
 */
public final class Retention {

    private final BlobStore lake;
    private final RetentionSettings settings;
    private final Places places;
    private final Clock clock;

    /**
     * Where in the lake what is.
     *
     * @param raw container of Capture files
     * @param transactions the raw log that datasets are made of: namespace and event hub
     * @param labels the raw log of labels
     * @param datasets container of datasets
     */
    public record Places(String raw, String transactions, String labels, String datasets) {}

    public Retention(BlobStore lake, RetentionSettings settings, Places places, Clock clock) {
        this.lake = lake;
        this.settings = settings;
        this.places = places;
        this.clock = clock;
    }

    /** Newest versions of datasets that have rows of dates that are too old: {@link #shortened} ones are to follow them. */
    public List<DatasetManifest> tooLong() throws IOException {
        List<DatasetManifest> versions = new ArrayList<>();
        if (settings.rows().isZero()) {
            return versions;
        }
        String oldest = oldestDate();
        Datasets datasets = new Datasets(lake, places.datasets());
        for (String name : datasets.names()) {
            DatasetManifest newest = datasets.newest(name).orElseThrow();
            if (newest.rowsBefore(oldest) > 0) {
                versions.add(newest);
            }
        }
        return versions;
    }

    /** The version to follow one, without rows of dates that are too old. */
    DatasetManifest shortened(DatasetManifest version) {
        return version.since(oldestDate(), clock.instant().toString());
    }

    /** The first event date that datasets keep; where rows are kept for ever it means nothing. */
    public String oldestDate() {
        return LocalDate.ofInstant(clock.instant().minus(settings.rows()), ZoneOffset.UTC)
                .toString();
    }

    /** What is to go now. */
    public List<Expired> expired() throws IOException {
        List<Expired> all = new ArrayList<>();
        for (String what : List.of(Expired.MODELS, Expired.DATASETS, Expired.UNDELIVERED, Expired.RAW)) {
            all.addAll(expired(what));
        }
        return all;
    }

    /** What of one kind is to go now; raw files are of one kind, whether they were read or not. */
    List<Expired> expired(String what) throws IOException {
        return switch (what) {
            case Expired.MODELS -> models(new OldModels(lake));
            case Expired.DATASETS -> datasets();
            case Expired.UNDELIVERED ->
                settings.undelivered().isZero() ? List.of() : undelivered(cutoffMs(settings.undelivered()));
            default -> settings.raw().isZero() ? List.of() : raw().before(cutoffMs(settings.raw()), unreadCutoffMs());
        };
    }

    private List<Expired> models(OldModels models) throws IOException {
        return settings.models().isZero() ? List.of() : models.before(cutoffMs(settings.models()));
    }

    private List<Expired> datasets() throws IOException {
        if (settings.datasets().isZero()) {
            return List.of();
        }
        OldModels models = new OldModels(lake);
        models(models); // so that it knows which ones stay
        return new OldDatasets(lake, places.datasets()).before(cutoffMs(settings.datasets()), models.lineages());
    }

    /** Raw files that are older than they are kept and stay, since they have not been read. */
    public List<HeldBack> heldBack() throws IOException {
        return settings.raw().isZero() ? List.of() : raw().heldBack(cutoffMs(settings.raw()), unreadCutoffMs());
    }

    private OldRawFiles raw() {
        return new OldRawFiles(lake, places);
    }

    private long unreadCutoffMs() {
        return settings.unread().isZero() ? Long.MIN_VALUE : cutoffMs(settings.unread());
    }

    private long cutoffMs(Duration kept) {
        return clock.millis() - kept.toMillis();
    }

    private List<Expired> undelivered(long cutoffMs) throws IOException {
        return lake.list("alerts/").stream()
                .filter(entry ->
                        entry.name().contains("/webhooks/") && entry.name().contains("/dead/"))
                .filter(entry -> entry.lastModifiedMs() < cutoffMs)
                .map(entry -> new Expired(Expired.UNDELIVERED, entry.name(), entry.sizeBytes()))
                .toList();
    }
}
