package io.outrider.training.retention;

/**
 * A blob that is to go.
 *
 * @param what what it is of: {@code raw}, {@code unread} (raw, too, but no dataset has read it), {@code datasets}, {@code models} or {@code
 *     undelivered}
 * @param name the blob's
 */
public record Expired(String what, String name, long sizeBytes) {

    static final String RAW = "raw";
    static final String UNREAD = "unread";
    static final String DATASETS = "datasets";
    static final String MODELS = "models";
    static final String UNDELIVERED = "undelivered";

    /** Whether it is the manifest of a model, with which the model goes. */
    boolean isModel() {
        return what.equals(MODELS) && name.endsWith("/manifest.json");
    }
}
