package io.outrider.core.run;

import java.time.Instant;

/**
 * Where an attempt runs.
 *
 * @param node the node, as a person knows it
 * @param worker the worker on it, as the cluster does
 * @param since when the attempt began
 */
public record RunPlace(String node, String worker, Instant since) {}
