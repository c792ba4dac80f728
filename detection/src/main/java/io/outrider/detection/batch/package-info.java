/**
 * Work of the cluster that one node does at a time, as a cluster singleton on nodes of a role. The work itself has threads of
 * its own.
 */
@NullMarked
package io.outrider.detection.batch;

import org.jspecify.annotations.NullMarked;
