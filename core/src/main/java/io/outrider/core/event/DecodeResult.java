package io.outrider.core.event;

/** What decoding one log record gave: a {@link Transaction}, or the {@link Rejection} that says why it is none. */
public sealed interface DecodeResult permits Transaction, Rejection {}
