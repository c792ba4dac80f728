/**
 * {@code outrider rebuild}: a partition's states from its log, in place of a checkpoint that is damaged, missing, or of
 * another plan or topic. Ties together the broker's log (ingestion), the fold (detection) and the checkpoint (lake).
 */
@NullMarked
package io.outrider.app.rebuild;

import org.jspecify.annotations.NullMarked;
