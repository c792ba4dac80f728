package io.outrider.core.model;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A model that decides for a share of the accounts: those whose hash lies below it, so that an account stays on one side,
 * and a larger share keeps those of a smaller one. The hash takes in the version, so that not always the same accounts
 * are the first to get a new model.
 *
 * @param modelVersion version in the registry
 * @param share of the accounts, above 0 and below 1
 */
public record Canary(String modelVersion, double share) {

    public Canary {
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException("the share of a canary must be above 0 and below 1, is " + share);
        }
    }

    static Canary read(JsonNode json) {
        JsonNode model = json.path("modelVersion");
        JsonNode share = json.path("share");
        if (!model.isTextual() || !share.isNumber()) {
            throw new IllegalArgumentException("a canary needs modelVersion and share, this one is " + json);
        }
        return new Canary(model.textValue(), share.doubleValue());
    }

    /** Whether the account is one of the canary's. Depends on nothing else; costs some ten nanoseconds. */
    public boolean takes(String account) {
        long hash = SplitMix.mix(SplitMix.mix(modelVersion.hashCode()) + account.hashCode());
        return (hash >>> 11) * 0x1.0p-53 < share;
    }
}
