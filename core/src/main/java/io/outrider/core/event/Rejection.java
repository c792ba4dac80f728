package io.outrider.core.event;

import org.jspecify.annotations.Nullable;

/**
 * Why a log record is not a transaction, or not a label.
 *
 * @param reason the named reason
 * @param detail one sentence that names the field and the offending value, for people; at most 500 characters
 */
public record Rejection(RejectionReason reason, String detail) implements DecodeResult, LabelResult {

    /** The field that is bad, with which the sentence begins; null where it is the record as a whole. */
    public @Nullable String field() {
        return switch (reason) {
            case NOT_JSON, OVERSIZED, WRONG_PARTITION -> null;
            default -> detail.substring(0, Math.max(0, detail.indexOf(' ')));
        };
    }
}
