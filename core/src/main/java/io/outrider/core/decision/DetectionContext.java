package io.outrider.core.decision;

import io.outrider.core.model.ContextRef;
import io.outrider.core.model.Model;
import io.outrider.core.risk.MerchantRisk;

/** A {@link ContextRef} with what it names loaded: immutable, shared by all entities of a node. */
public record DetectionContext(ContextRef ref, Model model, MerchantRisk risk) {}
