/** What every lake must keep to, and the proof for a folder. */
@NullMarked
package io.outrider.lake.blob;

import org.jspecify.annotations.NullMarked;
