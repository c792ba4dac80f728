/** How a setting that cannot be is refused. Depends on nothing of ours; stateless and thread-safe. */
@NullMarked
package io.outrider.core.setting;

import org.jspecify.annotations.NullMarked;
