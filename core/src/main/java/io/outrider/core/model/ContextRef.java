package io.outrider.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * Names what is in force for a partition; stands in its checkpoint manifest. What decided one account's transaction, and
 * so stands in the alert's receipt, is {@link #decidingFor}.
 *
 * <p>As JSON it is an object of its components; what is null is left out, so a context without challenger and canary is
 * written as before there were any.
 *
 * @param modelVersion version in the registry of the champion, which decides for all accounts outside the canary
 * @param riskVersion version of the merchant-risk table, 0 for none
 * @param challengerVersion a model that scores the same transactions, is compared, and decides nothing; null for none
 * @param canary a model that decides for a share of the accounts; null for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ContextRef(
        String modelVersion,
        long riskVersion,
        @Nullable String challengerVersion,
        @Nullable Canary canary) {

    /** One model for all. */
    public ContextRef(String modelVersion, long riskVersion) {
        this(modelVersion, riskVersion, null, null);
    }

    /** Reads the JSON form; IllegalArgumentException names what is missing. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static ContextRef read(JsonNode json) {
        JsonNode model = json.path("modelVersion");
        JsonNode risk = json.path("riskVersion");
        if (!model.isTextual() || !risk.isIntegralNumber()) {
            throw new IllegalArgumentException("a context needs modelVersion and riskVersion, this one is " + json);
        }
        JsonNode challenger = json.path("challengerVersion");
        JsonNode canary = json.path("canary");
        return new ContextRef(
                model.textValue(),
                risk.longValue(),
                challenger.isTextual() ? challenger.textValue() : null,
                canary.isObject() ? Canary.read(canary) : null);
    }

    /** The version of the model that decides for an account. */
    public String modelFor(String account) {
        return canary != null && canary.takes(account) ? canary.modelVersion() : modelVersion;
    }

    /** What an account's transactions are decided under: the one model and the risk table, nothing else. */
    public ContextRef decidingFor(String account) {
        return new ContextRef(modelFor(account), riskVersion);
    }

    /** The same with another merchant-risk table. */
    public ContextRef withRisk(long version) {
        return new ContextRef(modelVersion, version, challengerVersion, canary);
    }

    /** The same with another canary. */
    public ContextRef withCanary(@Nullable Canary other) {
        return new ContextRef(modelVersion, riskVersion, challengerVersion, other);
    }
}
