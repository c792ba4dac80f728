package io.outrider.app.node;

import com.typesafe.config.Config;
import io.outrider.app.telemetry.Telemetry;
import io.outrider.core.port.AlertFeed;
import io.outrider.core.port.NodeStatus;
import io.outrider.core.pseudonym.PseudonymKey;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.http.HttpApi;
import io.outrider.http.HttpPorts;
import io.outrider.lake.pseudonym.PseudonymSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.remote.RemoteTransportException;

/**
 * A running node. It listens from its first moment on and says what it waits for; what it needs (cluster, lake, model,
 * broker) is tried until it is there, and then wired ({@link NodeWiring}).
 */
public final class OutriderNode implements AutoCloseable {

    private static final Duration BIND_LIMIT = Duration.ofSeconds(30);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

    private final NodeParts parts;
    private final ActorSystem<Void> system;
    private final StopSteps stopping;
    private final LiveMetrics metrics = new LiveMetrics();
    private final LatePorts ports = new LatePorts();
    private final Telemetry telemetry;
    private final NodeWiring wiring;
    private final NodeStart starting;
    private final int port;
    private volatile boolean joined;

    /**
     * Starts a node and returns when it listens; it is ready once {@link #status} says so.
     *
     * @throws IllegalStateException if a port is taken
     */
    public static OutriderNode start(NodeParts parts) {
        return new OutriderNode(parts);
    }

    private OutriderNode(NodeParts parts) {
        this.parts = parts;
        PseudonymKey pseudonyms = PseudonymSettings.key(parts.config());
        this.telemetry = Telemetry.start(parts.config(), parts.clock());
        this.system = system(parts.config());
        ClusterMember.staysHeardUntilItHasLeft(system);
        this.stopping = new StopSteps(system, parts.stopLimit());
        stopping.push("telemetry", telemetry::close);
        this.wiring = new NodeWiring(
                parts, system, stopping, new BatchJobs.Observed(metrics, telemetry.tracing()), pseudonyms);
        this.starting = new NodeStart(parts.startRetry(), ports::waitingFor);
        boolean listening = false;
        try {
            port = listen();
            starting.run(this::bringUp);
            listening = true;
        } finally {
            if (!listening) {
                close();
            }
        }
    }

    /** The port that the API listens on. */
    public int port() {
        return port;
    }

    /** The alerts of the whole cluster. */
    public AlertFeed alerts() {
        return ports;
    }

    /** How it is doing. */
    public NodeStatus status() {
        return ports;
    }

    /** Its counters. */
    public LiveMetrics metrics() {
        return metrics;
    }

    /** Completes when everything it needs was there and is wired; fails if it can never run. */
    public CompletionStage<Done> started() {
        return starting.taken();
    }

    /** Whether it has been a member of its cluster. */
    public boolean hasJoined() {
        return joined;
    }

    /**
     * Completes when the node has left its cluster: after {@link #close}, or because the others removed it. Fails if it
     * can never run.
     */
    public CompletionStage<Done> ended() {
        return starting.failure().applyToEither(system.getWhenTerminated(), done -> done);
    }

    /** Stops taking events, makes durable what was taken, and leaves. */
    @Override
    public void close() {
        starting.close();
        ports.stop("the node is stopping");
        stopping.close();
    }

    private static ActorSystem<Void> system(Config config) {
        try {
            return ActorSystem.create(Behaviors.empty(), "outrider", config);
        } catch (RemoteTransportException e) {
            Config artery = config.getConfig("pekko.remote.artery.canonical");
            throw new IllegalStateException(
                    "cannot listen for other nodes on " + artery.getString("hostname") + ":" + artery.getInt("port")
                            + ": is the address this machine's, and the port free?",
                    e);
        }
    }

    private void bringUp(NodeStart start) throws IOException, InterruptedException {
        start.until(ClusterMember.awaited(parts.config()), () -> ClusterMember.join(system));
        joined = true;
        ports.set(wiring.wire(start));
    }

    private int listen() {
        HttpPorts http = new HttpPorts(
                ports,
                ports,
                ports,
                ports,
                ports,
                ports,
                ports,
                ports,
                ports,
                ports,
                ports,
                ports,
                ports,
                ports,
                ports,
                ports,
                metrics,
                parts.plan().schema(),
                ports,
                telemetry.tracing());
        HttpApi.Surface surface =
                parts.roles().contains(Role.API) ? HttpApi.Surface.EVERYTHING : HttpApi.Surface.OPERATIONS;
        HttpApi api = new HttpApi(system, parts.http(), http, parts.clock());
        telemetry.export(api.metrics());
        api.bindOperations().ifPresent(opening -> {
            ServerBinding operations = StopSteps.await(opening, BIND_LIMIT);
            stopping.pushStage("health and metrics", () -> operations.terminate(CLOSE_LIMIT));
        });
        ServerBinding binding = StopSteps.await(api.bind(surface), BIND_LIMIT);
        stopping.pushStage("API", () -> api.close(binding, CLOSE_LIMIT));
        return binding.localAddress().getPort();
    }
}
