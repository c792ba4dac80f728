package io.outrider.core.event;

/**
 * What decoding one log record gave: a {@link Transaction}, an {@link Erasure}, or the {@link Rejection} that says why it is
 * neither.
 */
public sealed interface DecodeResult permits Transaction, Erasure, Rejection {}
