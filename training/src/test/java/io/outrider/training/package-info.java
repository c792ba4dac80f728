/** What the tests of several packages share. */
@NullMarked
package io.outrider.training;

import org.jspecify.annotations.NullMarked;
