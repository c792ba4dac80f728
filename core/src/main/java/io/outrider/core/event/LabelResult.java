package io.outrider.core.event;

/** What decoding one record of the labels topic gave: a {@link Label}, or the {@link Rejection} that says why it is none. */
public sealed interface LabelResult permits Label, Rejection {}
