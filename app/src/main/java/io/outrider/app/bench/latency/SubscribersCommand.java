package io.outrider.app.bench.latency;

import io.outrider.app.command.CommandException;
import io.outrider.app.command.Interruption;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code outrider bench subscribers}. */
@Command(
        name = "subscribers",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Follows the alerts of running nodes with many clients at once, and says whether each had every alert once.",
            "A client whose node ends goes on at the next one with the last id that it has."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:each client had every alert once",
            "1:one was missing or came twice, or a client was not connected"
        })
public final class SubscribersCommand implements Callable<Integer> {

    private static final long SETTLED_NANOS = 3_000_000_000L;

    @Option(
            names = "--url",
            paramLabel = "URL",
            split = ",",
            description = "The nodes, comma-separated; http only. Default: http://127.0.0.1:8080.")
    private List<URI> nodes = List.of(URI.create("http://127.0.0.1:8080"));

    @Option(names = "--subscribers", paramLabel = "N", description = "Clients. Default: ${DEFAULT-VALUE}.")
    private int subscribers = 1_000;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "How long, once all are connected; Ctrl-C ends it earlier. Default: ${DEFAULT-VALUE}.")
    private int seconds = 60;

    @Option(
            names = "--ids",
            paramLabel = "FILE",
            description =
                    "Each second writes anew how often each alert came, and to how many clients: id, times, clients; tabs.")
    private @Nullable Path ids;

    private volatile boolean stopped;

    @Override
    public Integer call() throws IOException {
        Interruption interruption = Interruption.by(() -> stopped = true);
        try {
            return follow();
        } finally {
            interruption.over();
        }
    }

    private int follow() throws IOException {
        AlertNumbers numbers = new AlertNumbers();
        List<Subscriber> clients = new ArrayList<>();
        for (int i = 0; i < subscribers; i++) {
            clients.add(new Subscriber(nodes, i, numbers));
        }
        try (Selector selector = Selector.open()) {
            for (Subscriber client : clients) {
                client.connect(selector);
            }
            long limit = System.nanoTime() + 60_000_000_000L;
            while (clients.stream().anyMatch(client -> !client.greeted)) {
                if (System.nanoTime() > limit) {
                    throw new CommandException("only "
                            + clients.stream().filter(client -> client.greeted).count() + " of " + subscribers
                            + " are connected after 60 s; is there a node at " + nodes + "?");
                }
                turn(selector, clients);
            }
            System.out.printf(Locale.ROOT, "connected     %d%n", clients.size());
            long from = System.nanoTime();
            long written = from;
            while (!stopped && System.nanoTime() - from < seconds * 1_000_000_000L) {
                turn(selector, clients);
                if (System.nanoTime() - written > 1_000_000_000L) {
                    write(numbers, clients);
                    written = System.nanoTime();
                }
            }
            write(numbers, clients);
            return report(numbers, clients, from);
        }
    }

    private static void turn(Selector selector, List<Subscriber> clients) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
        selector.select(100);
        for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
            SelectionKey key = keys.next();
            keys.remove();
            if (key.isValid() && key.attachment() instanceof Subscriber client) {
                client.ready(key, buffer);
            }
        }
        long now = System.nanoTime();
        for (Subscriber client : clients) {
            if (client.isDue(now)) {
                client.connect(selector);
            }
        }
    }

    /** Alerts that came when all were connected, and not within the last seconds: those may be on their way to some. */
    private int report(AlertNumbers numbers, List<Subscriber> clients, long from) {
        BitSet due = new BitSet();
        long settled = System.nanoTime() - SETTLED_NANOS;
        for (int number = 0; number < numbers.count(); number++) {
            due.set(number, numbers.firstNanos(number) > from && numbers.firstNanos(number) < settled);
        }
        long missing = 0;
        for (Subscriber client : clients) {
            BitSet lacks = (BitSet) due.clone();
            lacks.andNot(client.seen());
            missing += lacks.cardinality();
        }
        long doubles = clients.stream().mapToLong(client -> client.doubles).sum();
        List<Long> delays = numbers.delaysMicros();
        long lasted = (System.nanoTime() - from) / 1_000_000_000L;
        System.out.printf(Locale.ROOT, "subscribers   %d over %d s%n", clients.size(), lasted);
        System.out.printf(
                Locale.ROOT,
                "alerts        %d, events %d%n",
                due.cardinality(),
                clients.stream().mapToLong(client -> client.alerts).sum());
        System.out.printf(Locale.ROOT, "missing       %d%n", missing);
        System.out.printf(Locale.ROOT, "twice         %d%n", doubles);
        System.out.printf(
                Locale.ROOT,
                "reconnected   %d times, gaps %d, told to be too slow %d%n",
                clients.stream().mapToLong(client -> client.connections - 1).sum(),
                clients.stream().mapToLong(client -> client.gaps).sum(),
                clients.stream().mapToLong(client -> client.overruns).sum());
        if (!delays.isEmpty()) {
            System.out.printf(
                    Locale.ROOT,
                    "behind first  p50 %.1f ms, p99 %.1f ms, max %.1f ms%n",
                    delays.get(delays.size() / 2) / 1e3,
                    delays.get((int) (delays.size() * 0.99)) / 1e3,
                    delays.get(delays.size() - 1) / 1e3);
        }
        return missing == 0 && doubles == 0 && !due.isEmpty() ? 0 : 1;
    }

    private void write(AlertNumbers numbers, List<Subscriber> clients) throws IOException {
        if (ids == null) {
            return;
        }
        Path part = ids.resolveSibling(ids.getFileName() + ".part");
        try (BufferedWriter out = Files.newBufferedWriter(part)) {
            for (int number = 0; number < numbers.count(); number++) {
                int alert = number;
                long had = clients.stream()
                        .filter(client -> client.seen().get(alert))
                        .count();
                out.write(numbers.id(alert) + "\t" + numbers.times(alert) + "\t" + had + "\n");
            }
        }
        Files.move(part, ids, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
