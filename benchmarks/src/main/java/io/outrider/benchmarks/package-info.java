/**
 * JMH benchmarks of the hot path, on simulated traffic. May use every module; nothing uses it. Outside the default build.
 */
@NullMarked
package io.outrider.benchmarks;

import org.jspecify.annotations.NullMarked;
