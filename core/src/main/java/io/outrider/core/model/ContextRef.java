package io.outrider.core.model;

/**
 * Names what is in force for a partition; stands in its checkpoint manifest and in every receipt.
 *
 * @param modelVersion version in the registry
 * @param riskVersion version of the merchant-risk table, 0 for none
 */
public record ContextRef(String modelVersion, long riskVersion) {}
