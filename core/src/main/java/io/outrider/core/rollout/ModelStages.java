package io.outrider.core.rollout;

import io.outrider.core.model.Canary;
import io.outrider.core.model.ContextRef;
import io.outrider.core.rollout.StageEntry.Action;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which models are at which stage: what all nodes are to put in force. Every change is a new revision and leaves an entry in
 * the audit trail. Immutable. A change that makes no sense is an {@link IllegalStateException} whose message says why.
 *
 * @param revision counts the changes, from 1
 * @param champion decides
 * @param former champions before, the last one last: what a rollback goes back to
 * @param challenger scores and is compared; null for none
 * @param canary decides for a share of the accounts; null for none
 * @param archived were in force, or meant to be, and are no more
 * @param audit every change there ever was
 */
public record ModelStages(
        long revision,
        String champion,
        List<String> former,
        @Nullable String challenger,
        @Nullable Canary canary,
        List<String> archived,
        List<StageEntry> audit) {

    /** What a model is that is at no stage. */
    public static final String REGISTERED = "registered";

    /** Former champions that are kept to go back to. */
    private static final int FORMER = 20;

    public ModelStages {
        former = List.copyOf(former);
        archived = List.copyOf(archived);
        audit = List.copyOf(audit);
    }

    /** The first model is champion. */
    public static ModelStages begin(String version, Requested asked) {
        StageEntry entry = new StageEntry(1, asked.at(), asked.by(), Action.BEGIN, version, null, asked.reason());
        return new ModelStages(1, version, List.of(), null, null, List.of(), List.of(entry));
    }

    /** What is to be in force with a merchant-risk table. */
    public ContextRef context(long riskVersion) {
        return new ContextRef(champion, riskVersion, challenger, canary);
    }

    /** The model becomes champion; it is challenger and canary no more, and a canary of another model ends. */
    public ModelStages promote(String version, boolean forced, Requested asked) {
        if (version.equals(champion)) {
            throw new IllegalStateException("model " + version + " is champion already");
        }
        List<String> before = new ArrayList<>(former);
        before.remove(version);
        before.add(champion);
        while (before.size() > FORMER) {
            before.remove(0);
        }
        List<String> old = with(archived, champion);
        old.remove(version);
        if (canary != null && !canary.modelVersion().equals(version)) {
            old = with(old, canary.modelVersion());
        }
        String rest = version.equals(challenger) ? null : challenger;
        return next(
                version, before, rest, null, old, entry(forced ? Action.FORCE : Action.PROMOTE, version, null, asked));
    }

    /**
     * Undoes the last step that put a model in force: a running canary ends, otherwise the champion before is champion
     * again.
     */
    public ModelStages rollback(Requested asked) {
        if (canary == null) {
            return back(asked);
        }
        String version = canary.modelVersion();
        List<String> old = version.equals(challenger) ? archived : with(archived, version);
        return next(champion, former, challenger, null, old, entry(Action.ROLLBACK, version, null, asked));
    }

    /** As {@link #rollback(Requested)}, if that takes this model out of force; null for whichever it takes. */
    public ModelStages rollback(@Nullable String version, Requested asked) {
        String goes = canary == null ? champion : canary.modelVersion();
        if (version != null && !version.equals(goes)) {
            throw new IllegalStateException("a rollback would take the " + stageOf(goes) + ", " + goes
                    + ", out of force, and not model " + version);
        }
        return rollback(asked);
    }

    /**
     * Takes a model out of force. Of the canary, it is challenger no more, either. Of the champion, the champion before is
     * champion again, and a canary ends, too: it was to be compared with the one that goes.
     */
    public ModelStages takeOut(String version, Requested asked) {
        if (version.equals(champion)) {
            return back(asked);
        }
        if (canary == null || !version.equals(canary.modelVersion())) {
            throw new IllegalStateException(
                    "model " + version + " is " + stageOf(version) + ", so that it cannot be taken out of force");
        }
        String rest = version.equals(challenger) ? null : challenger;
        return next(
                champion, former, rest, null, with(archived, version), entry(Action.ROLLBACK, version, null, asked));
    }

    private ModelStages back(Requested asked) {
        if (former.isEmpty()) {
            throw new IllegalStateException("there is no model to go back to: " + champion + " is the first");
        }
        String back = former.get(former.size() - 1);
        List<String> old = with(archived, champion);
        if (canary != null && !canary.modelVersion().equals(challenger)) {
            old = with(old, canary.modelVersion());
        }
        old.remove(back);
        String rest = back.equals(challenger) ? null : challenger;
        return next(
                back,
                former.subList(0, former.size() - 1),
                rest,
                null,
                old,
                entry(Action.ROLLBACK, champion, null, asked));
    }

    /** The model becomes challenger, in the place of whatever was; null ends the comparison. */
    public ModelStages shadow(@Nullable String version, Requested asked) {
        if (version == null) {
            if (challenger == null) {
                throw new IllegalStateException("there is no challenger");
            }
            return next(champion, former, null, canary, archived, entry(Action.END_SHADOW, challenger, null, asked));
        }
        if (version.equals(champion) || version.equals(challenger)) {
            throw new IllegalStateException("model " + version + " is " + stageOf(version) + " already");
        }
        List<String> old = new ArrayList<>(archived);
        old.remove(version);
        return next(champion, former, version, canary, old, entry(Action.SHADOW, version, null, asked));
    }

    /** The challenger is compared no more, and archived: it has not come to be champion. */
    public ModelStages giveUp(String version, Requested asked) {
        if (!version.equals(challenger)) {
            throw new IllegalStateException("model " + version + " is " + stageOf(version) + ", not challenger");
        }
        return next(
                champion,
                former,
                null,
                canary,
                with(archived, version),
                entry(Action.END_SHADOW, version, null, asked));
    }

    /** The model decides for a share of the accounts, in the place of whatever canary there was. */
    public ModelStages canary(Canary next, Requested asked) {
        String version = next.modelVersion();
        if (version.equals(champion)) {
            throw new IllegalStateException("model " + version + " is champion already");
        }
        if (next.equals(canary)) {
            throw new IllegalStateException("model " + version + " is canary with this share already");
        }
        List<String> old = new ArrayList<>(archived);
        old.remove(version);
        if (canary != null && !canary.modelVersion().equals(version)) {
            old = with(old, canary.modelVersion());
        }
        return next(champion, former, challenger, next, old, entry(Action.CANARY, version, next.share(), asked));
    }

    /** "champion", "challenger", "canary", "archived", or {@link #REGISTERED}. */
    public String stageOf(String version) {
        if (version.equals(champion)) {
            return "champion";
        }
        if (canary != null && version.equals(canary.modelVersion())) {
            return "canary";
        }
        if (version.equals(challenger)) {
            return "challenger";
        }
        return archived.contains(version) ? "archived" : REGISTERED;
    }

    /** The change that made this revision. */
    public StageEntry last() {
        return audit.get(audit.size() - 1);
    }

    /** The change that made the champion what it is. */
    public StageEntry championSince() {
        for (int i = audit.size() - 1; i > 0; i--) {
            StageEntry entry = audit.get(i);
            boolean canaryEnded = entry.action() == Action.ROLLBACK && endedCanary(i);
            if (!canaryEnded
                    && (entry.action() == Action.PROMOTE
                            || entry.action() == Action.FORCE
                            || entry.action() == Action.ROLLBACK)) {
                return entry;
            }
        }
        return audit.get(0);
    }

    /** When the comparison of this challenger with this champion began; when the champion became that, without a challenger. */
    public Instant comparedSince() {
        Instant since = championSince().at();
        for (StageEntry entry : audit) {
            boolean began =
                    entry.action() == Action.SHADOW && entry.modelVersion().equals(challenger);
            since = began && entry.at().isAfter(since) ? entry.at() : since;
        }
        return since;
    }

    /**
     * Whether a rollback ended a canary and nothing else: it names the canary's model, and nothing but changes of the
     * challenger lies between it and the canary's start.
     */
    private boolean endedCanary(int at) {
        for (int i = at - 1; i >= 0; i--) {
            StageEntry before = audit.get(i);
            if (before.action() != Action.SHADOW && before.action() != Action.END_SHADOW) {
                return before.action() == Action.CANARY
                        && before.modelVersion().equals(audit.get(at).modelVersion());
            }
        }
        return false;
    }

    private StageEntry entry(Action action, String version, @Nullable Double share, Requested asked) {
        return new StageEntry(revision + 1, asked.at(), asked.by(), action, version, share, asked.reason());
    }

    private ModelStages next(
            String newChampion,
            List<String> newFormer,
            @Nullable String newChallenger,
            @Nullable Canary newCanary,
            List<String> newArchived,
            StageEntry entry) {
        List<StageEntry> trail = new ArrayList<>(audit);
        trail.add(entry);
        return new ModelStages(entry.revision(), newChampion, newFormer, newChallenger, newCanary, newArchived, trail);
    }

    private static List<String> with(List<String> versions, String one) {
        List<String> more = new ArrayList<>(versions);
        more.remove(one);
        more.add(one);
        return more;
    }
}
