/**
 * {@code node}: one node of a cluster as a process. Reads where it is, who it looks for and where its lake is, and runs
 * {@code app.node} with that, again after the others have removed it.
 */
@NullMarked
package io.outrider.app.cluster;

import org.jspecify.annotations.NullMarked;
