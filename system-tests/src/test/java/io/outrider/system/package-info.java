/**
 * Tests of the whole, through its processes, its broker and its HTTP interface only. Nothing of the project is on the classpath: what is
 * expected is computed by other means (SQL, a plain Kafka client).
 */
@NullMarked
package io.outrider.system;

import org.jspecify.annotations.NullMarked;
