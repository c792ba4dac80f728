package io.outrider.core.event;

/**
 * Why a log record is not a transaction, or not a label.
 *
 * @param reason the named reason
 * @param detail one sentence that names the field and the offending value, for people; at most 500 characters
 */
public record Rejection(RejectionReason reason, String detail) implements DecodeResult, LabelResult {}
