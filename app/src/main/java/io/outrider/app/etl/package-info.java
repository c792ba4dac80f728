/** The commands {@code etl} and {@code datasets}: which lake, which log, and what a person or a script is told. */
@NullMarked
package io.outrider.app.etl;

import org.jspecify.annotations.NullMarked;
