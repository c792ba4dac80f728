package io.outrider.core.account;

import io.outrider.core.encoding.StateReader;
import io.outrider.core.encoding.StateWriter;
import io.outrider.core.feature.FeaturePlan;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Account states as versioned bytes, guarded by the plan's fingerprint: format version, the feature state's length
 * and bytes, the decision state. Canonical: equal states give equal bytes. At most 2 KiB for a busy account of the
 * default plan. Thread-safe.
 */
public final class AccountStateCodec {

    private static final int VERSION = 1;
    private static final int MAX_FEATURE_BYTES = 1 << 20;

    private final FeaturePlan plan;

    /** Every account is encoded at every barrier it had events before: only its bytes are to be made for that. */
    private final ThreadLocal<StateWriter> writers = ThreadLocal.withInitial(StateWriter::new);

    public AccountStateCodec(FeaturePlan plan) {
        this.plan = plan;
    }

    /** The state of an account without events. */
    public AccountState fresh() {
        return new AccountState(plan.newState(), new DecisionState());
    }

    /** The state as canonical bytes; it may change afterwards. */
    public byte[] encode(AccountState state) {
        StateWriter out = writers.get();
        out.clear();
        out.byteValue(VERSION);
        out.sized(features -> plan.write(state.features(), features));
        state.decisions().write(out);
        return out.toBytes();
    }

    /** Throws IllegalArgumentException on another version, another plan, or damaged bytes. */
    public AccountState decode(byte[] bytes) {
        var in = new StateReader(bytes);
        int version = in.byteValue();
        if (version != VERSION) {
            throw new IllegalArgumentException("account state has format version " + version + ", not " + VERSION);
        }
        var features = plan.decode(in.raw(in.unsigned(MAX_FEATURE_BYTES)));
        var decisions = DecisionState.read(in);
        in.end();
        return new AccountState(features, decisions);
    }

    /** Lower-case hex SHA-256 of the canonical bytes of the feature state alone. */
    public String featureStateHash(AccountState state) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(plan.encode(state.features())));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
