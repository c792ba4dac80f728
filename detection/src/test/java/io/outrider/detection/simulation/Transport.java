package io.outrider.detection.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Messages between runs and accounts: in order per channel, sometimes lost, repeated or held up. */
final class Transport {

    /** A message on its way. */
    interface Delivery {

        /** Hands the message over; false if the receiver is frozen, and then nothing has happened. */
        boolean attempt();
    }

    private static final int MAX_HOLD_UP = 1_500;

    private final Random random;
    private final Map<String, Deque<Delivery>> channels = new TreeMap<>();
    private final Map<String, Integer> heldUpUntil = new HashMap<>();
    private int turns;

    Transport(Random random) {
        this.random = random;
    }

    /** Sends on a channel of a node's. */
    void send(int node, String channel, Delivery message) {
        channels.computeIfAbsent(node + " " + channel, any -> new ArrayDeque<>())
                .add(message);
    }

    /** Delivers some channel's next message, or, as often as the faults say, loses or repeats it, or holds the channel up. */
    void deliver(double faults) {
        if (channels.isEmpty()) {
            return;
        }
        List<String> names = new ArrayList<>(channels.keySet());
        String name = names.get(random.nextInt(names.size()));
        Deque<Delivery> channel = channels.get(name);
        if (channel == null) {
            return;
        }
        turns++;
        if (faults > 0 && heldUpUntil.getOrDefault(name, 0) > turns) {
            return;
        }
        if (random.nextDouble() < faults) {
            heldUpUntil.put(name, turns + random.nextInt(MAX_HOLD_UP));
            return;
        }
        Delivery message = channel.remove();
        if (channel.isEmpty()) {
            channels.remove(name);
        }
        if (random.nextDouble() < faults) {
            return;
        }
        if (!message.attempt()) {
            channels.computeIfAbsent(name, any -> new ArrayDeque<>()).addFirst(message);
        } else if (random.nextDouble() < faults) {
            message.attempt();
        }
    }

    /** Loses all that is on its way from or to a node's runs. */
    void drop(int node) {
        channels.keySet().removeIf(name -> name.startsWith(node + " "));
    }
}
