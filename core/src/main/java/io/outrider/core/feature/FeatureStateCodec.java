package io.outrider.core.feature;

import io.outrider.core.encoding.StateReader;
import io.outrider.core.encoding.StateWriter;
import java.util.Arrays;

/**
 * A {@link FeatureState} as canonical bytes. The format, version 1 (see {@link StateWriter} for the primitives):
 *
 * <pre>
 * byte      format version
 * 8 bytes   start of the plan's fingerprint
 * unsigned  events; nothing follows if 0
 * unsigned  late events
 * decimal   amount total: sum, then its compensation
 * signed    event time of the earliest event, ms since the epoch
 * unsigned  newest event time less the earliest
 * windows   for each: number of non-empty buckets, then from the newest back: gap, count, decimal sum
 * amounts   weight; if not 0: decimal mean, variance, maximum, number kept, the kept ones oldest first
 * surges    as windows, all sums 0; then unsigned 0 for none, or 1 + newest event time less that of the newest surge
 * names merchants, devices, networks, ids: number, then newest first: 4 bytes hash, signed minute less the previous
 * one's 8 bytes device switches, newest in the lowest bit </pre>
 */
final class FeatureStateCodec {

    private static final int VERSION = 1;

    private final PlanSettings plan;
    private final byte[] fingerprint;

    FeatureStateCodec(PlanSettings plan, byte[] fingerprint) {
        this.plan = plan;
        this.fingerprint = fingerprint;
    }

    byte[] encode(FeatureState state) {
        var out = new StateWriter();
        write(state, out);
        return out.toBytes();
    }

    void write(FeatureState state, StateWriter out) {
        out.byteValue(VERSION);
        out.raw(fingerprint);
        out.unsigned(state.events);
        if (state.events > 0) {
            out.unsigned(state.late);
            out.fixedDouble(state.sum);
            out.decimal(state.compensation);
            out.signed(state.firstEventTimeMs);
            out.unsigned(state.newestMs - state.firstEventTimeMs);
            state.windows.write(out, state.newestMs);
            state.amounts.write(out);
            state.surges.write(out, state.newestMs);
            out.unsigned(state.lastSurgeMs == FeatureState.NEVER ? 0 : 1 + state.newestMs - state.lastSurgeMs);
            state.merchants.write(out);
            state.devices.write(out);
            state.networks.write(out);
            state.ids.write(out);
            out.fixedLong(state.deviceSwitches);
        }
    }

    FeatureState decode(byte[] bytes) {
        var in = new StateReader(bytes);
        int version = in.byteValue();
        if (version != VERSION) {
            throw new IllegalArgumentException("feature state has format version " + version + ", not " + VERSION);
        }
        if (!Arrays.equals(in.raw(fingerprint.length), fingerprint)) {
            throw new IllegalArgumentException("feature state belongs to another plan than " + plan.name());
        }
        var state = new FeatureState(plan);
        state.events = in.unsigned();
        if (state.events != 0) {
            read(state, in);
        }
        in.end();
        return state;
    }

    private static void read(FeatureState state, StateReader in) {
        state.late = in.unsigned();
        state.sum = in.fixedDouble();
        state.compensation = in.decimal();
        state.firstEventTimeMs = in.signed();
        state.newestMs = state.firstEventTimeMs + in.unsigned();
        boolean sane = state.events > 0
                && state.late >= 0
                && state.late < state.events
                && state.newestMs >= state.firstEventTimeMs;
        if (!sane) {
            throw in.damaged("counters or times out of range");
        }
        state.windows.read(in, state.newestMs);
        state.amounts.read(in);
        state.surges.read(in, state.newestMs);
        long sinceSurge = in.unsigned();
        state.lastSurgeMs = sinceSurge == 0 ? FeatureState.NEVER : state.newestMs - (sinceSurge - 1);
        state.merchants.read(in);
        state.devices.read(in);
        state.networks.read(in);
        state.ids.read(in);
        state.deviceSwitches = in.fixedLong();
    }
}
