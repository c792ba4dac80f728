/**
 * Everything in one process: embedded broker, folder lake, first model, simulated traffic, detection, HTTP. Wires the modules
 * that {@code node} will wire on a cluster, and adds only what stands in for the cloud.
 */
@NullMarked
package io.outrider.app.local;

import org.jspecify.annotations.NullMarked;
