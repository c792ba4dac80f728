/**
 * Judges the isolation forest on plain labelled tables, such as the sets that papers compare on. Uses core's forest and
 * {@code evaluation}'s metrics; called by the command line. Runs in the calling thread.
 */
@NullMarked
package io.outrider.training.table;

import org.jspecify.annotations.NullMarked;
