package io.outrider.http;

import io.outrider.core.erasure.ErasureRequest;
import io.outrider.core.event.LogPosition;
import io.outrider.core.port.Erasures;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One erasure, which was asked for by whoever asked last. Thread-safe. */
final class FakeErasures implements Erasures {

    private volatile String by = "nobody";

    private Standing standing() {
        ErasureRequest request = new ErasureRequest(
                "e1",
                "0".repeat(64),
                by,
                "2026-03-01T12:00:00Z",
                new LogPosition("g", 0, 5),
                new LogPosition("l", 0, 1),
                null);
        return new Standing(request, true, true, false);
    }

    @Override
    public CompletionStage<Standing> erase(String account, String asking) {
        by = asking;
        return CompletableFuture.completedFuture(standing());
    }

    @Override
    public CompletionStage<Optional<Standing>> erasure(String id) {
        return CompletableFuture.completedFuture(id.equals("e1") ? Optional.of(standing()) : Optional.empty());
    }

    @Override
    public CompletionStage<List<Standing>> erasures() {
        return CompletableFuture.completedFuture(List.of(standing()));
    }
}
