package io.outrider.training.dataset;

import io.outrider.core.port.BlobStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The datasets of a lake: {@code CONTAINER/DATASET/versions/000001.json} and so on, and what they name under {@code
 * CONTAINER/DATASET/data/}. A version is there once its manifest is, which is written last, and is replaced by nothing but an
 * erasure ({@link DatasetErasure}). A version that is old and not the newest may go ({@code outrider.retention}). Thread-safe.
 */
public final class Datasets {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final Pattern VERSION = Pattern.compile("([^/]+)/versions/(\\d{6,9})\\.json");

    private final BlobStore lake;
    private final String container;

    /** The datasets in a container of the lake. */
    public Datasets(BlobStore lake, String container) {
        this.lake = lake;
        this.container = container;
    }

    /** Whether a dataset can be called so: letters, digits and hyphens, all lower case, at most 63. */
    public static boolean isName(String dataset) {
        return NAME.matcher(dataset).matches();
    }

    /** Names of all datasets, sorted. */
    public List<String> names() throws IOException {
        TreeSet<String> names = new TreeSet<>();
        for (BlobStore.Entry entry : lake.list(container + "/")) {
            Matcher parts = VERSION.matcher(entry.name().substring(container.length() + 1));
            if (parts.matches()) {
                names.add(parts.group(1));
            }
        }
        return List.copyOf(names);
    }

    /** Numbers of a dataset's versions, ascending. */
    public List<Integer> versions(String dataset) throws IOException {
        List<Integer> versions = new ArrayList<>();
        for (BlobStore.Entry entry : lake.list(folder(dataset) + "versions/")) {
            Matcher parts = VERSION.matcher(entry.name().substring(container.length() + 1));
            if (parts.matches()) {
                versions.add(Integer.valueOf(parts.group(2)));
            }
        }
        versions.sort(null);
        return versions;
    }

    /** A version; IOException if there is none of that number. */
    public DatasetManifest get(String dataset, int version) throws IOException {
        String name = manifestName(dataset, version);
        BlobStore.Blob blob =
                lake.get(name).orElseThrow(() -> new IOException("dataset " + dataset + " has no version " + version));
        return DatasetManifest.fromJson(name, blob.content());
    }

    /** A version, and the ETag that it had when read. */
    record Held(DatasetManifest manifest, String etag) {}

    Held held(String dataset, int version) throws IOException {
        String name = manifestName(dataset, version);
        BlobStore.Blob blob =
                lake.get(name).orElseThrow(() -> new IOException("dataset " + dataset + " has no version " + version));
        return new Held(DatasetManifest.fromJson(name, blob.content()), blob.etag());
    }

    /** Replaces a version, which only an erasure does; IOException if somebody else has meanwhile. */
    void replace(Held held, DatasetManifest by) throws IOException {
        String name = manifestName(by.dataset(), by.version());
        if (lake.putIfMatch(name, by.toJson(), held.etag()).isEmpty()) {
            throw new IOException(name + " was replaced by somebody else meanwhile");
        }
    }

    /** The newest version; empty if there is none. */
    public Optional<DatasetManifest> newest(String dataset) throws IOException {
        List<Integer> versions = versions(dataset);
        return versions.isEmpty() ? Optional.empty() : Optional.of(get(dataset, versions.get(versions.size() - 1)));
    }

    /**
     * Publishes a version.
     *
     * @throws IOException if somebody else has published one of that number, or it is unknown whether it is published now
     */
    public void publish(DatasetManifest manifest) throws IOException {
        String name = manifestName(manifest.dataset(), manifest.version());
        if (lake.putIfAbsent(name, manifest.toJson()).isEmpty()) {
            throw new IOException("somebody else has just published version " + manifest.version() + " of dataset "
                    + manifest.dataset() + ": run again");
        }
    }

    /** A version, made over the one before it; empty where there is none. */
    @FunctionalInterface
    public interface Making {
        DatasetManifest over(Optional<DatasetManifest> before) throws IOException;
    }

    /**
     * Publishes a version that names files of the one before. An erasure may replace that one while the new version is being
     * made, and then deletes what it has replaced; then the new one is made again over what is there. An erasure that already
     * goes through the new version itself is not disturbed.
     *
     * @return as it is published
     * @throws IOException as {@link #publish(DatasetManifest)} does
     */
    public DatasetManifest publish(Optional<DatasetManifest> before, Making making) throws IOException {
        DatasetManifest next = making.over(before);
        publish(next);
        Held held = held(next.dataset(), next.version());
        Optional<DatasetManifest> over = before;
        while (held.manifest().equals(next) && over.isPresent()) {
            DatasetManifest now = get(over.get().dataset(), over.get().version());
            if (now.equals(over.get())) {
                return next;
            }
            over = Optional.of(now);
            next = making.over(over);
            var unused = lake.putIfMatch(manifestName(next.dataset(), next.version()), next.toJson(), held.etag());
            held = held(next.dataset(), next.version());
        }
        return held.manifest();
    }

    /** Where a dataset's files are, slash included. */
    public String folder(String dataset) {
        return container + "/" + dataset + "/";
    }

    /** Name of a version's manifest. */
    public String manifestName(String dataset, int version) {
        return folder(dataset) + String.format("versions/%06d.json", version);
    }
}
