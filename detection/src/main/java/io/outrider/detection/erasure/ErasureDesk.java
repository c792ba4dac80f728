package io.outrider.detection.erasure;

import io.outrider.core.erasure.ErasureList;
import io.outrider.core.erasure.ErasureRequest;
import io.outrider.core.event.Erasure;
import io.outrider.core.event.LogPosition;
import io.outrider.core.port.BlobStore;
import io.outrider.core.port.ErasureMarks;
import io.outrider.core.port.Erasures;
import io.outrider.core.port.UnavailableException;
import io.outrider.lake.alert.AlertFiles;
import io.outrider.lake.checkpoint.CheckpointManifest;
import io.outrider.lake.erasure.ErasureFiles;
import io.outrider.lake.risk.RiskFiles;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes erasures, and knows all there were: those made here at once, those made on other nodes within a few seconds.
 *
 * <p>A request is written down first (who, when, the account's hash), then put into the logs, then written down with its places
 * there. Only the last counts for anybody: where this node dies before it, who asked had no answer and asks again, and a
 * second erasure of an account changes nothing more. Thread-safe; one thread does all that blocks.
 */
public final class ErasureDesk implements Erasures, Supplier<ErasureList>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ErasureDesk.class);
    private static final Duration LOOK = Duration.ofSeconds(3);
    private static final Duration ACKNOWLEDGED = Duration.ofSeconds(15);

    private final BlobStore lake;
    private final String topic;
    private final ErasureFiles files;
    private final ErasureMarks marks;
    private final Clock clock;
    private final ScheduledExecutorService thread;

    private volatile ErasureList known;

    /** Reads the list and follows it; IOException if it cannot be read. */
    public ErasureDesk(BlobStore lake, String topic, ErasureMarks marks, Clock clock) throws IOException {
        this.lake = lake;
        this.topic = topic;
        this.files = new ErasureFiles(lake, topic);
        this.marks = marks;
        this.clock = clock;
        this.known = files.list();
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "outrider-erasures");
            made.setDaemon(true);
            return made;
        });
        var unused = thread.scheduleWithFixedDelay(this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** All erasures as they are known now. */
    @Override
    public ErasureList get() {
        return known;
    }

    @Override
    public CompletionStage<Standing> erase(String account, String by) {
        return ask(() -> {
            String hash = files.hash().of(account);
            ErasureRequest request = underWay(hash);
            return standing(request == null ? begin(account, hash, by) : request);
        });
    }

    private @Nullable ErasureRequest underWay(String hash) throws IOException {
        for (ErasureRequest request : refreshed().requests()) {
            if (request.account().equals(hash) && request.transactions() != null && !isDurable(request)) {
                return request;
            }
        }
        return null;
    }

    private ErasureRequest begin(String account, String hash, String by) throws IOException {
        String id = UUID.randomUUID().toString();
        ErasureRequest asked = new ErasureRequest(id, hash, by, clock.instant().toString(), null, null, null);
        files.put(asked);
        ErasureMarks.Marks places = await(marks.append(new Erasure(id, account)));
        ErasureRequest logged = asked.logged(places.transactions(), places.labels());
        files.put(logged);
        known = files.list();
        LOG.info("Erasure {} of account {} was asked for by {}", id, hash, by);
        return logged;
    }

    @Override
    public CompletionStage<Optional<Standing>> erasure(String id) {
        return ask(() -> {
            for (ErasureRequest request : refreshed().requests()) {
                if (request.id().equals(id)) {
                    return Optional.of(standing(request));
                }
            }
            return Optional.empty();
        });
    }

    @Override
    public CompletionStage<List<Standing>> erasures() {
        return ask(() -> {
            List<ErasureRequest> requests = new ArrayList<>(refreshed().requests());
            requests.sort(Comparator.comparing(ErasureRequest::requestedAt).reversed());
            List<Standing> standings = new ArrayList<>();
            for (ErasureRequest request : requests) {
                standings.add(standing(request));
            }
            return standings;
        });
    }

    private Standing standing(ErasureRequest request) throws IOException {
        boolean alerts;
        try (AlertFiles store = new AlertFiles(lake, topic, 0)) {
            alerts = store.current().manifest().erased().contains(request.id());
        }
        return new Standing(request, isDurable(request), alerts, request.datasetsAt() != null);
    }

    /** A recreated topic has nothing of before. */
    private boolean isDurable(ErasureRequest request) throws IOException {
        LogPosition at = request.transactions();
        if (at == null) {
            return false;
        }
        Optional<CheckpointManifest> manifest = new RiskFiles(lake, topic).manifest(at.partition());
        return manifest.isPresent()
                && (!manifest.get().generation().equals(at.generation())
                        || manifest.get().nextOffset() > at.offset());
    }

    private ErasureList refreshed() throws IOException {
        ErasureList list = files.list();
        known = list;
        return list;
    }

    private void look() {
        try {
            known = files.list();
        } catch (IOException | RuntimeException e) {
            LOG.warn("The list of erasures cannot be read: {}", e.getMessage());
        }
    }

    private static ErasureMarks.Marks await(CompletionStage<ErasureMarks.Marks> appended) throws IOException {
        try {
            return appended.toCompletableFuture().get(ACKNOWLEDGED.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnavailableException unavailable) {
                throw unavailable;
            }
            throw new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new UnavailableException("the event stream did not acknowledge the erasure in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("the node is stopping", e);
        }
    }

    private interface Question<T> {
        T answer() throws IOException;
    }

    private <T> CompletionStage<T> ask(Question<T> question) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return question.answer();
                    } catch (IOException e) {
                        throw new CompletionException(
                                new UnavailableException("erasures cannot be read or written: " + e.getMessage(), e));
                    }
                },
                thread);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
