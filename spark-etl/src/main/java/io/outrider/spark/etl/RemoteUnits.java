package io.outrider.spark.etl;

import io.outrider.core.port.BlobStore;
import io.outrider.lake.capture.CaptureFileName;
import io.outrider.training.dataset.DatasetJson;
import io.outrider.training.dataset.DatasetOrigin;
import io.outrider.training.dataset.PartitionProgress;
import io.outrider.training.etl.EtlRequest;
import io.outrider.training.etl.EtlSettings;
import io.outrider.training.etl.PartitionUnit;
import io.outrider.training.etl.PartitionWork;
import io.outrider.training.etl.ReplayScope;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The units of a run, as the driver tells the tasks: a task makes the one it works on anew.
 *
 * @param shares into how many shares a unit's accounts are split
 * @param settings {@link EtlSettings} as JSON, so that all machines have the driver's
 * @param origin {@link DatasetOrigin} as JSON
 * @param erasures names of those that the driver knows
 */
record RemoteUnits(RemoteLake lake, int shares, String settings, String origin, String erasures, List<Unit> units)
        implements Serializable {

    /** Where a unit goes on ({@link PartitionProgress} as JSON), and paths of its files. */
    record Unit(String from, List<String> files) implements Serializable {}

    static RemoteUnits of(RemoteLake lake, int shares, List<PartitionUnit> units) {
        List<Unit> remote = new ArrayList<>();
        for (PartitionUnit unit : units) {
            List<String> files = new ArrayList<>();
            unit.work().names().forEach(name -> files.add(name.path()));
            remote.add(new Unit(json(unit.work().from()), files));
        }
        ReplayScope scope = units.get(0).scope();
        return new RemoteUnits(lake, shares, json(scope.settings()), json(scope.origin()), scope.erasureIds(), remote);
    }

    int count() {
        return units.size();
    }

    /** A unit by its number. */
    PartitionUnit unit(int number) throws IOException {
        BlobStore store = lake.open();
        EtlRequest request = lake.request(store);
        DatasetOrigin of = read(origin, DatasetOrigin.class);
        if (!request.plan().fingerprint().equals(of.planFingerprint())) {
            throw new IOException("plan " + request.plan().name() + " is not the driver's on this machine");
        }
        ReplayScope scope = new ReplayScope(store, read(settings, EtlSettings.class), request, of);
        Unit unit = units.get(number);
        List<CaptureFileName> names = new ArrayList<>();
        for (String file : unit.files()) {
            names.add(CaptureFileName.parse(file)
                    .orElseThrow(() -> new IOException(file + " is no name of a Capture file")));
        }
        PartitionUnit made =
                PartitionUnit.of(scope, new PartitionWork(read(unit.from(), PartitionProgress.class), names));
        if (!made.scope().erasureIds().equals(erasures)) {
            throw new IOException("an account was erased while the log was read: run again");
        }
        return made;
    }

    /** Which share an account belongs to. */
    int share(String account) {
        int hash = account.hashCode();
        return Math.floorMod(hash ^ (hash >>> 16), shares);
    }

    private static String json(Object record) {
        return new String(DatasetJson.write(record), StandardCharsets.UTF_8);
    }

    private static <T> T read(String json, Class<T> type) throws IOException {
        return DatasetJson.read("what the driver said", json.getBytes(StandardCharsets.UTF_8), type);
    }
}
