/**
 * The actors that host the protocol: one {@link AccountEntity} per account in memory, sharded so that an account's
 * shard is its partition, and one {@link PartitionEntity} per partition on the node that owns it. Actors are thin: what
 * to do is decided in {@code protocol}, states are folded in {@code scoring}. Each actor's fields belong to the actor.
 */
@NullMarked
package io.outrider.detection.entity;

import org.jspecify.annotations.NullMarked;
