package io.outrider.core.account;

import io.outrider.core.feature.FeatureState;

/** An account's whole state: the pure fold of its log, and what depends on contexts. Belongs to one thread. */
public record AccountState(FeatureState features, DecisionState decisions) {}
