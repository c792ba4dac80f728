/** What nodes say to one another about batch work, as bytes: how messages are framed, named and versioned. */
@NullMarked
package io.outrider.training.wire;

import org.jspecify.annotations.NullMarked;
