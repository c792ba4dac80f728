/** {@code outrider retention}: shows what is older than it is kept, before the supervisor's run deletes it. */
@NullMarked
package io.outrider.app.retention;

import org.jspecify.annotations.NullMarked;
