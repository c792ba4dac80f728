package io.outrider.training.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.outrider.core.port.BlobStore;
import io.outrider.lake.blob.FolderBlobStore;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who deletes in a container and who writes there are not at it at once, and one who has died is waited for only so long. */
class DatasetLeasesTest {

    @TempDir
    private Path folder;

    private BlobStore lake;
    private DatasetLeases leases;

    @BeforeEach
    void open() throws IOException {
        lake = new FolderBlobStore(folder);
        leases = new DatasetLeases(lake, "c", Clock.systemUTC());
    }

    @Test
    void whoDeletesIsRefusedWhereSomebodyIsAndIsToldWho() throws IOException {
        for (LeaseUse use : new LeaseUse[] {LeaseUse.WRITE, LeaseUse.SWEEP, LeaseUse.CLEAR, LeaseUse.READ}) {
            try (DatasetLease there = leases.take(use, "one at " + use)) {
                assertThatThrownBy(() -> leases.take(LeaseUse.CLEAR, "retention"))
                        .isInstanceOf(DatasetLeases.HeldException.class)
                        .hasMessageContaining("one at " + use)
                        .hasMessageEndingWith("run again when that has ended");
                there.confirm();
            }
        }
        try (DatasetLease reader = leases.take(LeaseUse.READ, "training");
                DatasetLease sweep = leases.take(LeaseUse.SWEEP, "an erasure")) {
            reader.confirm();
            sweep.requireHeld();
        }
        assertThat(lake.list("c/")).as("none is left").isEmpty();
    }

    @Test
    void severalWriteAtOnceAndOneWhoComesWhileSomebodyDeletesWaitsForIt() throws IOException {
        DatasetLease sweep = leases.take(LeaseUse.SWEEP, "an erasure");
        CompletableFuture<DatasetLease> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return leases.take(LeaseUse.WRITE, "ETL");
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        });
        await().until(() -> lake.list("c/").size() == 2);
        assertThat(waiting).isNotDone();
        sweep.close();
        try (DatasetLease writer = waiting.join();
                DatasetLease another = leases.take(LeaseUse.WRITE, "more ETL")) {
            writer.confirm();
            another.confirm();
        }
    }

    @Test
    void oneThatIsRenewedNoMoreLapsesAndItsHolderLearnsSo() throws IOException {
        DatasetLease frozen = leases.take(LeaseUse.WRITE, "ETL");
        DatasetLeases later = new DatasetLeases(lake, "c", Clock.offset(Clock.systemUTC(), Duration.ofMinutes(4)));
        try (DatasetLease sweep = later.take(LeaseUse.SWEEP, "an erasure")) {
            sweep.confirm();
        }
        assertThatThrownBy(frozen::confirm).hasMessageStartingWith("ETL was silent for more than 180 s");
        assertThatThrownBy(frozen::requireHeld).hasMessageContaining("run again");
        frozen.close();
        assertThat(lake.list("c/")).isEmpty();
    }

    @Test
    void oneThatIsSilentForADayIsForgottenByWhomItKeepsAwayFromNothing() throws IOException {
        DatasetLease killed = leases.take(LeaseUse.WRITE, "ETL");
        for (int hours : new int[] {23, 25}) {
            DatasetLeases later =
                    new DatasetLeases(lake, "c", Clock.offset(Clock.systemUTC(), Duration.ofHours(hours)));
            try (DatasetLease another = later.take(LeaseUse.WRITE, "more ETL")) {
                another.confirm();
                assertThat(lake.list("c/")).hasSize(hours < 24 ? 2 : 1);
            }
        }
        assertThatThrownBy(killed::confirm).hasMessageContaining("run again");
        killed.close();
    }

    @Test
    void oneWhoseHolderHasNotHeardOfItKeepsNobodyAway() throws IOException {
        BlobStore deaf = (BlobStore) Proxy.newProxyInstance(
                BlobStore.class.getClassLoader(), new Class<?>[] {BlobStore.class}, (proxy, method, with) -> {
                    Object result = method.invoke(lake, with);
                    if (method.getName().equals("putIfAbsent")) {
                        throw new IOException("no answer");
                    }
                    return result;
                });
        assertThatThrownBy(() -> new DatasetLeases(deaf, "c", Clock.systemUTC()).take(LeaseUse.WRITE, "ETL"))
                .hasMessage("no answer");
        assertThat(lake.list("c/")).isEmpty();
        leases.take(LeaseUse.CLEAR, "retention").close();
    }
}
