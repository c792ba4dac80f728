/**
 * The alert store: one node of the cluster writes what the topics of alerts, labels and the review sample carry into the lake, and
 * every node answers from memory and lake together. The writer and the reader of labels have a thread each; questions run on a
 * small pool, because reading the lake blocks.
 */
@NullMarked
package io.outrider.detection.store;

import org.jspecify.annotations.NullMarked;
