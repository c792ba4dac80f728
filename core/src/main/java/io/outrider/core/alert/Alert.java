package io.outrider.core.alert;

import io.outrider.core.event.Transaction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An anomalous transaction, explained. Published as JSON (see {@link AlertCodec} and {@code alert.schema.json}).
 *
 * @param id stable: the same log record gives the same id for ever
 * @param score calibrated score in [0, 1]: the share of ordinary traffic that scores lower
 * @param threshold the calibrated score from which on a transaction is anomalous
 * @param episodeId id of the first alert of the episode this one belongs to; its own id if it opens one
 * @param usualAmount the account's median amount before this event, NaN if it had none (JSON null)
 * @param reasons sentences, the weightiest first; never empty
 * @param expectedScore calibrated score of what the model expects: where the attributions start
 * @param attributions of the features that moved the score, the weightiest first; their contributions sum to (score -
 *     expectedScore)
 * @param counterfactual the smallest single change that would have kept it below the threshold, or null if none would
 */
public record Alert(
        String id,
        Transaction transaction,
        double score,
        double threshold,
        Severity severity,
        String modelVersion,
        String episodeId,
        double usualAmount,
        List<String> reasons,
        double expectedScore,
        List<Attribution> attributions,
        @Nullable Counterfactual counterfactual,
        Receipt receipt) {}
