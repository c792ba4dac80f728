/**
 * Simulated traffic: populations with habits, anomalies injected among them with their truth, and the labels that come
 * later. Pure and seeded: a slice of time is a function of (seed, slice), so a stream can start anywhere and be
 * repeated byte for byte. Only {@code TrafficSender} touches Kafka and the clock. A {@code Traffic} belongs to one
 * thread.
 */
@NullMarked
package io.outrider.ingestion.simulator;

import org.jspecify.annotations.NullMarked;
