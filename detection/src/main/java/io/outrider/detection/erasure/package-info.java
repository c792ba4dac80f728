/**
 * Accounts that are to be forgotten: takes requests, puts them into the logs and the list in the lake, follows that list, and
 * keeps what was erased out of the recent alerts. Neighbours: {@code store} leaves it out of its files, partitions come to it
 * in their log. Thread-safe.
 */
@NullMarked
package io.outrider.detection.erasure;

import org.jspecify.annotations.NullMarked;
