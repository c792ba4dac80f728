package io.outrider.core.alert;

import io.outrider.core.event.LogPosition;
import io.outrider.core.model.ContextRef;
import java.util.Map;

/**
 * All that is needed to score a decision again: same model, same vector, same score.
 *
 * @param context what decided: the model of this account, canary or champion, and the risk table; no challenger, no canary
 * @param vector feature name to value in plan order; NaN where missing (JSON null)
 */
public record Receipt(LogPosition position, ContextRef context, String planFingerprint, Map<String, Double> vector) {}
