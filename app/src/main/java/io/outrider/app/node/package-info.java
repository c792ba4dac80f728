/**
 * One node: the actor system and the modules on it, wired by constructors. Started by {@code local} inside one process; what a cluster
 * node runs is the same. Knows all modules and no command line.
 */
@NullMarked
package io.outrider.app.node;

import org.jspecify.annotations.NullMarked;
