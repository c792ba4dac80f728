package io.outrider.training.retention;

import java.util.Set;

/**
 * Raw files of a log that are older than they are kept and stay all the same, since they have not been read.
 *
 * @param log namespace and event hub
 * @param datasets those that have yet to read some of them; empty where the log has none at all
 */
public record HeldBack(String log, long files, long bytes, Set<String> datasets) {}
