/**
 * The composition root: the only package that sees all modules. {@link io.outrider.app.Outrider} is the entry point;
 * {@code command} holds the command line, {@code local} the everything-in-one-process mode, {@code broker} the embedded Kafka broker.
 */
@NullMarked
package io.outrider.app;

import org.jspecify.annotations.NullMarked;
