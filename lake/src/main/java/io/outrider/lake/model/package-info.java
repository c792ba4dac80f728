/**
 * Models at rest: tree ensembles as ONNX, manifests as JSON, and the registry's files over a blob store. Neighbours:
 * {@code core.model}, which defines what is stored, and {@code core.port}. Stateless, thread-safe.
 */
@NullMarked
package io.outrider.lake.model;

import org.jspecify.annotations.NullMarked;
