package io.outrider.detection.simulation;

import io.outrider.core.account.AccountState;
import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.alert.Alert;
import io.outrider.core.decision.DetectionContext;
import io.outrider.core.decision.Detector;
import io.outrider.core.decision.ScoredEvents;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.Canary;
import io.outrider.core.model.ContextRef;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.detection.Models;
import io.outrider.detection.protocol.AccountFold;
import io.outrider.detection.scoring.ScoredAccount;
import io.outrider.detection.scoring.SharedScorer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The fold of production: features, score, policy, under models of different thresholds. */
final class ScoredFold implements SimulatedFold {

    private static final long START_MS = 1_750_000_000_000L;
    private static final long PAUSE_MS = 240_000;

    private final Models models;
    private final SharedScorer scorer;
    private final AccountStateCodec codec = new AccountStateCodec(Models.PLAN);
    private final List<ContextRef> contexts = new ArrayList<>();

    ScoredFold(Models models) {
        this.models = models;
        this.scorer = new SharedScorer(
                Models.PLAN, models, SharedScorer.RiskTables.NONE, ScoredEvents.OFF, new LiveMetrics());
        try {
            for (String version : models.versions()) {
                contexts.add(new ContextRef(version, 0));
            }
            String first = models.versions().get(0);
            String last = models.versions().get(models.versions().size() - 1);
            contexts.add(new ContextRef(first, 0, last, null));
            contexts.add(new ContextRef(first, 0, null, new Canary(last, 0.5)));
            contexts.add(new ContextRef(last, 0, first, new Canary(first, 0.3)));
            for (ContextRef context : contexts) {
                scorer.load(context);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public AccountFold<?> open() {
        return ScoredAccount.fold(scorer, "g", 0);
    }

    @Override
    public List<ContextRef> contexts() {
        return contexts;
    }

    @Override
    public SharedScorer scorer() {
        return scorer;
    }

    @Override
    public LoggedEvent event(String account, long offset) {
        return new LoggedEvent(offset, START_MS + offset * PAUSE_MS, transaction(account, offset));
    }

    /** Ordinary amounts and some that are not, a little out of order. */
    static Transaction transaction(String account, long number) {
        Random random = new Random(account.hashCode() * 31L + number);
        return new Transaction(
                "t" + number,
                account,
                Math.rint(2_000 * Math.exp(random.nextGaussian())) / 100,
                START_MS + number * PAUSE_MS - random.nextInt(1_000) * 1_000L,
                "merchant-" + random.nextInt(20),
                random.nextBoolean() ? "mobile" : "desktop",
                null,
                "EUR",
                null);
    }

    @Override
    public Plain plain() {
        AccountState state = codec.fresh();
        Detector detector = new Detector(Models.PLAN);
        return new Plain() {
            @Override
            public @Nullable Alert fold(LoggedEvent event, ContextRef context) {
                return detector.detect(
                        state,
                        event.transaction(),
                        new LogPosition("g", 0, event.offset()),
                        loaded(context, event.transaction().account()));
            }

            @Override
            public String state(ContextRef inForce) {
                return shown(codec.encode(state));
            }
        };
    }

    @Override
    public String shown(byte[] state) {
        return HexFormat.of().formatHex(state);
    }

    /** The one model that is to decide for an account, and nothing beside it: no challenger may change anything. */
    private DetectionContext loaded(ContextRef ref, String account) {
        ContextRef alone = ref.decidingFor(account);
        try {
            return new DetectionContext(alone, models.load(alone.modelVersion()), MerchantRisk.NONE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
