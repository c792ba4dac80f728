package io.outrider.app.bench.recovery;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/**
 * What a recovery benchmark found.
 *
 * @param checkpointBytes size of the base files
 * @param write writing them from states in memory
 * @param empty a node's start without any account: from wired to serving
 * @param recovery the same with the accounts in the checkpoint
 * @param heapEmpty live bytes on the heap while serving none
 * @param heapPassive the same with all accounts out of memory
 * @param touched how many accounts then got an event each
 * @param touching from the first of these events to the last one decided
 * @param inMemory how many of them may be in memory at once
 * @param heapTouched live bytes on the heap behind them
 */
record RecoveryReport(
        int accounts,
        long checkpointBytes,
        Took write,
        Took empty,
        Took recovery,
        long heapEmpty,
        long heapPassive,
        int touched,
        Took touching,
        int inMemory,
        long heapTouched) {

    private static final double MIB = 1 << 20;

    /** Time on the clock, and CPU time of all threads of the process. */
    record Took(double seconds, double cpuSeconds) {}

    double checkpointBytesPerAccount() {
        return (double) checkpointBytes / accounts;
    }

    double heapBytesPerPassiveAccount() {
        return (double) (heapPassive - heapEmpty) / accounts;
    }

    /** Meaningful only if all that were touched could stay. */
    double heapBytesPerActiveAccount() {
        return (double) (heapTouched - heapPassive) / touched;
    }

    String json() {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("accounts", accounts);
        root.put("java", Runtime.version().toString());
        root.put("cores", Runtime.getRuntime().availableProcessors());
        root.put("maxHeapBytes", Runtime.getRuntime().maxMemory());
        ObjectNode checkpoint = put(root, "checkpoint", write);
        checkpoint.put("bytes", checkpointBytes);
        checkpoint.put("bytesPerAccount", checkpointBytesPerAccount());
        put(root, "start", empty);
        put(root, "recovery", recovery);
        put(root, "touching", touching).put("accounts", touched).put("inMemoryAtMost", inMemory);
        ObjectNode heap = root.putObject("heap");
        heap.put("empty", heapEmpty);
        heap.put("passive", heapPassive);
        heap.put("touched", heapTouched);
        heap.put("bytesPerPassiveAccount", heapBytesPerPassiveAccount());
        if (touched <= inMemory) {
            heap.put("bytesPerActiveAccount", heapBytesPerActiveAccount());
        }
        return root.toPrettyString();
    }

    private static ObjectNode put(ObjectNode root, String name, Took took) {
        ObjectNode node = root.putObject(name);
        node.put("seconds", took.seconds());
        node.put("cpuSeconds", took.cpuSeconds());
        return node;
    }

    String text() {
        String active = touched <= inMemory
                ? String.format(Locale.ROOT, ", %,.0f bytes each", heapBytesPerActiveAccount())
                : "";
        return String.format(
                Locale.ROOT,
                "checkpoint      %,d accounts, %,.1f MiB, %,.0f bytes each; written in %.1f s (CPU %.1f s)%n"
                        + "start           %.1f s (CPU %.1f s) without accounts%n"
                        + "recovery        %.1f s (CPU %.1f s) until all partitions serve%n"
                        + "out of memory   %,.1f MiB of heap, %,.0f bytes each%n"
                        + "touched         %,d accounts, at most %,d in memory: %,.1f MiB of heap more%s; %,.0f a second"
                        + " (CPU %.1f s)",
                accounts,
                checkpointBytes / MIB,
                checkpointBytesPerAccount(),
                write.seconds(),
                write.cpuSeconds(),
                empty.seconds(),
                empty.cpuSeconds(),
                recovery.seconds(),
                recovery.cpuSeconds(),
                (heapPassive - heapEmpty) / MIB,
                heapBytesPerPassiveAccount(),
                touched,
                inMemory,
                (heapTouched - heapPassive) / MIB,
                active,
                touched / touching.seconds(),
                touching.cpuSeconds());
    }
}
