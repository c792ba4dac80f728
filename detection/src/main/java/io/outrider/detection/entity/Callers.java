package io.outrider.detection.entity;

import io.outrider.core.model.ContextRef;
import io.outrider.core.port.UnavailableException;
import io.outrider.detection.entity.PartitionEntity.ChangeContext;
import io.outrider.detection.entity.PartitionEntity.Claim;
import io.outrider.detection.entity.PartitionEntity.Release;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.Done;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;

/** Who waits for a partition's answer: to be claimed, to be released, to go on under another context. */
final class Callers {

    private final List<Claim> claims = new ArrayList<>();
    private final List<Release> releases = new ArrayList<>();
    private final List<ChangeContext> changes = new ArrayList<>();

    void add(Claim claim) {
        claims.add(claim);
    }

    void add(Release release) {
        releases.add(release);
    }

    /** Those who wait for another context are told that it is not wanted any more. */
    void add(ChangeContext change) {
        changes.removeIf(earlier -> {
            boolean superseded = !earlier.context().equals(change.context());
            if (superseded) {
                earlier.replyTo().tell(StatusReply.error("another context is wanted meanwhile"));
            }
            return superseded;
        });
        changes.add(change);
    }

    /** The last one who claims; null if nobody does. */
    @Nullable
    Claim newestClaim() {
        return claims.isEmpty() ? null : claims.get(claims.size() - 1);
    }

    boolean anyClaims() {
        return !claims.isEmpty();
    }

    boolean anyReleases() {
        return !releases.isEmpty();
    }

    /** The partition is claimed, and to be consumed from an offset. */
    void claimed(long offset) {
        claims.forEach(claim -> claim.replyTo().tell(StatusReply.success(offset)));
        claims.clear();
    }

    void notClaimed(String reason) {
        claims.forEach(claim -> claim.replyTo().tell(StatusReply.error(new UnavailableException(reason))));
        claims.clear();
    }

    /** @param problem why the partition is released without a last checkpoint; null if it has one */
    void released(@Nullable String problem) {
        StatusReply<Done> answer =
                problem == null ? StatusReply.success(Done.getInstance()) : StatusReply.error(problem);
        releases.forEach(release -> release.replyTo().tell(answer));
        releases.clear();
    }

    /** A context is in force; null where none is, so that there is nothing to change: the next claim brings it along. */
    void inForce(@Nullable ContextRef context) {
        changes.removeIf(change -> {
            boolean changed = context == null || context.equals(change.context());
            if (changed) {
                change.replyTo().tell(StatusReply.success(Done.getInstance()));
            }
            return changed;
        });
    }

    /** Nobody will answer any more. */
    void failAll(String reason) {
        notClaimed(reason);
        releases.forEach(release -> release.replyTo().tell(StatusReply.error(new UnavailableException(reason))));
        releases.clear();
        changes.forEach(change -> change.replyTo().tell(StatusReply.error(new UnavailableException(reason))));
        changes.clear();
    }
}
