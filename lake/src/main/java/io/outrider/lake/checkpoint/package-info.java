/**
 * A partition's checkpoint at rest: one manifest, replaced by conditional writes, that names Avro files with the states
 * of accounts. Depends on core's {@code BlobStore} port and {@code ContextRef}; called by detection. Calls block.
 */
@NullMarked
package io.outrider.lake.checkpoint;

import org.jspecify.annotations.NullMarked;
