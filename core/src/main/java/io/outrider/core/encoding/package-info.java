/**
 * How state is written compactly and canonically: equal values give equal bytes on every machine. Used by the codecs of
 * account states and of merchant risk.
 */
@NullMarked
package io.outrider.core.encoding;

import org.jspecify.annotations.NullMarked;
