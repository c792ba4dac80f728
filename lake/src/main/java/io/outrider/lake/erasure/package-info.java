/**
 * The list of erasures in the lake: written by the node that was asked, read by everybody who reads what was erased. Calls
 * block; thread-safe.
 */
@NullMarked
package io.outrider.lake.erasure;

import org.jspecify.annotations.NullMarked;
