package io.outrider.core.event;

import java.util.List;

/**
 * Consecutive records of one partition, decoded: what one poll brought, or what gathered while the consumer was busy.
 *
 * @param events the accepted events, in offset order
 * @param deadLetters the rejected ones, in offset order
 * @param nextOffset one past the last record of the group, good or bad
 */
public record EventGroup(int partition, List<LoggedEvent> events, List<DeadLetter> deadLetters, long nextOffset) {}
