/** How long work leaves room for other work of the same process. Plain Java; asked between the pieces of the work. */
@NullMarked
package io.outrider.core.pace;

import org.jspecify.annotations.NullMarked;
