/**
 * The HTTP side: front door, settings, and the guards every request passes. Routes are in {@code api}, errors in
 * {@code problem}, the web page in {@code console}. Talks to the rest through {@code io.outrider.core.port} alone.
 * Handlers run on the actor system's default dispatcher and never block.
 */
@NullMarked
package io.outrider.http;

import org.jspecify.annotations.NullMarked;
