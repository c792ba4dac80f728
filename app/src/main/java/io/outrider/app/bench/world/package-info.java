/**
 * What benchmarks share: a broker, its topics, made-up traffic and the alerts that came of it. Uses {@code broker}
 * and {@code node}.
 */
@NullMarked
package io.outrider.app.bench.world;

import org.jspecify.annotations.NullMarked;
