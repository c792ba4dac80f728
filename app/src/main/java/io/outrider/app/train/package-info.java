/** The commands {@code train}, {@code evaluate} and {@code models}: which dataset, which settings, and what a person or a script is told. */
@NullMarked
package io.outrider.app.train;

import org.jspecify.annotations.NullMarked;
