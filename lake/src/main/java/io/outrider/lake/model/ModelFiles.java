package io.outrider.lake.model;

import io.outrider.core.model.Model;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.model.ModelManifestCodec;
import io.outrider.core.model.TreeEnsemble;
import io.outrider.core.model.TreePart;
import io.outrider.core.port.BlobStore;
import io.outrider.core.port.BlobStore.Blob;
import io.outrider.core.port.ModelSource;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The models of one plan in the lake: {@code models/<plan>/<version>/model.onnx} and {@code manifest.json} beside it. A
 * version names its content, so files are written once and never change; the manifest is written last, and a version
 * without one doesn't exist. Thread-safe.
 */
public final class ModelFiles implements ModelSource {

    private static final String TREES = "model.onnx";
    private static final String MANIFEST = "manifest.json";

    private final BlobStore lake;
    private final String prefix;

    /** The models of the plan of the given name. */
    public ModelFiles(BlobStore lake, String plan) {
        this.lake = lake;
        this.prefix = "models/" + plan + "/";
    }

    /**
     * A model as it lies in the lake.
     *
     * @param trees content of {@code model.onnx}; empty if it has none
     * @param manifest content of {@code manifest.json}
     */
    public record Content(byte[] trees, byte[] manifest) {

        /** Whether both files are the same, byte for byte. */
        public boolean sameAs(Content other) {
            return Arrays.equals(trees, other.trees) && Arrays.equals(manifest, other.manifest);
        }
    }

    /** Whether a model has a file of this name of its own; what lies beside may be put there by others, and goes with the model. */
    public static boolean isFile(String name) {
        return name.equals(TREES) || name.equals(MANIFEST);
    }

    /** What {@link #save} would write. */
    public static Content content(Model model) {
        Map<String, TreeEnsemble> trees = new LinkedHashMap<>();
        for (TreePart part : model.fused().ensembles()) {
            trees.put(part.name(), part.trees());
        }
        return new Content(
                trees.isEmpty() ? new byte[0] : OnnxTrees.write(trees), ModelManifestCodec.encode(model.manifest()));
    }

    /** The files of a stored model. IOException if it is absent, or the store cannot be read. */
    public Content content(String version) throws IOException {
        byte[] manifest = read(version, MANIFEST);
        return new Content(lake.get(folder(version) + TREES).map(Blob::content).orElse(new byte[0]), manifest);
    }

    /** Stores a model under its version; storing it again changes nothing. */
    public void save(Model model) throws IOException {
        Content content = content(model);
        String folder = folder(model.manifest().version());
        if (content.trees().length > 0) {
            lake.put(folder + TREES, content.trees());
        }
        lake.put(folder + MANIFEST, content.manifest());
    }

    private String folder(String version) {
        return prefix + version + "/";
    }

    @Override
    public Model load(String version) throws IOException {
        ModelManifest manifest = manifest(version);
        try {
            Map<String, TreeEnsemble> trees =
                    manifest.ensembles().isEmpty() ? Map.of() : OnnxTrees.read(read(version, TREES));
            return Model.restore(manifest, trees);
        } catch (IllegalArgumentException e) {
            throw new DamagedModelException(version, e);
        }
    }

    /** The manifest alone. IOException if it is absent, or the store cannot be read; {@link DamagedModelException} if it is damaged. */
    public ModelManifest manifest(String version) throws IOException {
        byte[] json = read(version, MANIFEST);
        try {
            return ModelManifestCodec.decode(json);
        } catch (IllegalArgumentException e) {
            throw new DamagedModelException(version, e);
        }
    }

    /** All versions, by the day their data ends, with which a version begins; those of one day as they were registered. */
    public List<String> versions() throws IOException {
        return registrations().stream().map(Registration::version).toList();
    }

    /**
     * A version that is registered.
     *
     * @param at when its manifest was written, by the store's clock; the last time, if it was registered more than once
     */
    public record Registration(String version, Instant at) {}

    /** All versions as {@link #versions} has them, with when they were registered. */
    public List<Registration> registrations() throws IOException {
        return lake.list(prefix).stream()
                .filter(entry -> entry.name().endsWith("/" + MANIFEST))
                .map(entry -> new Registration(version(entry), Instant.ofEpochMilli(entry.lastModifiedMs())))
                .sorted(Comparator.comparing((Registration one) -> day(one.version()))
                        .thenComparing(Registration::at))
                .toList();
    }

    private String version(BlobStore.Entry manifest) {
        String name = manifest.name();
        return name.substring(prefix.length(), name.length() - MANIFEST.length() - 1);
    }

    private static String day(String version) {
        int end = version.indexOf('-');
        return end < 0 ? version : version.substring(0, end);
    }

    /** The newest version, if there is any: of those whose data ends last, the one registered last. */
    public Optional<String> newest() throws IOException {
        List<String> versions = versions();
        return versions.isEmpty() ? Optional.empty() : Optional.of(versions.get(versions.size() - 1));
    }

    private byte[] read(String version, String file) throws IOException {
        if (version.isEmpty() || version.contains("/")) {
            throw new IOException("no model version: '" + version + "'");
        }
        Blob blob = lake.get(folder(version) + file)
                .orElseThrow(() -> new IOException("there is no " + prefix + version + "/" + file));
        return blob.content();
    }
}
