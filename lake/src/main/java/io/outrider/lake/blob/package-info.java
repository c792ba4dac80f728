/**
 * The lake's bytes: implementations of core's {@code BlobStore} port. Everything else at rest (checkpoints, models,
 * tables) goes through that port and knows nothing of folders. Thread-safe, and safe between processes.
 */
@NullMarked
package io.outrider.lake.blob;

import org.jspecify.annotations.NullMarked;
