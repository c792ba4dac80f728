package io.outrider.detection;

import io.outrider.detection.entity.PartitionEntity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/** Tells which node each partition runs on, by what the partitions registered with the receptionist. Thread-safe. */
public final class PartitionPlaces {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final ActorSystem<?> system;
    private final int partitions;

    /** @param partitions how many there are */
    public PartitionPlaces(ActorSystem<?> system, int partitions) {
        this.system = system;
        this.partitions = partitions;
    }

    /** Where each partition runs; one that runs nowhere is left out. */
    public CompletionStage<Map<Integer, Address>> places() {
        List<CompletableFuture<Receptionist.Listing>> asked = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            ServiceKey<PartitionEntity.Command> key = PartitionEntity.key(partition);
            asked.add(AskPattern.<Receptionist.Command, Receptionist.Listing>ask(
                            system.receptionist(),
                            replyTo -> Receptionist.find(key, replyTo),
                            TIMEOUT,
                            system.scheduler())
                    .toCompletableFuture());
        }
        return CompletableFuture.allOf(asked.toArray(new CompletableFuture<?>[0]))
                .thenApply(all -> {
                    Map<Integer, Address> places = new TreeMap<>();
                    for (int partition = 0; partition < partitions; partition++) {
                        int number = partition;
                        asked.get(partition).join().getServiceInstances(PartitionEntity.key(partition)).stream()
                                .findAny()
                                .ifPresent(entity -> places.put(number, address(entity)));
                    }
                    return places;
                });
    }

    /** How many partitions there are. */
    public int partitions() {
        return partitions;
    }

    /** An entity of this node has an address without a host. */
    private Address address(ActorRef<?> entity) {
        Address address = entity.path().address();
        return address.hasGlobalScope() ? address : system.address();
    }
}
