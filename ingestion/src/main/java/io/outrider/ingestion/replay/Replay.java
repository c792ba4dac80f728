package io.outrider.ingestion.replay;

import io.outrider.core.event.EventSchema;
import io.outrider.core.event.Transaction;
import io.outrider.ingestion.kafka.AccountRecords;
import io.outrider.ingestion.kafka.BulkProducer;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.Pacer;
import io.outrider.lake.files.FileRow;
import io.outrider.lake.files.RowReader;
import io.outrider.lake.files.TransactionFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Sends history files to a topic in event order, keeping each account's order. Rows that are no valid events are sent
 * too, without a key: the stream gives them their reason and keeps them as dead letters. Run again, it sends again.
 */
public final class Replay {

    private static final long REPORT_NANOS = 250_000_000L;

    /**
     * What to send and how.
     *
     * @param records of the transactions topic, or of the ingress topic
     * @param keyed false to send without keys (to the ingress topic)
     * @param eventsPerSecond 0 for as fast as it goes
     * @param maxEvents stop after so many rows; 0 for no limit
     */
    public record Request(
            List<Path> files,
            EventSchema schema,
            AccountRecords records,
            boolean keyed,
            double eventsPerSecond,
            long maxEvents) {}

    /**
     * How far it has come.
     *
     * @param events rows sent
     * @param malformed how many of them are no valid events
     * @param acknowledged how many the broker has
     * @param fraction of the files' bytes read, 0 to 1; what remains at this pace gives the time left
     */
    public record Progress(long events, long malformed, long acknowledged, double fraction, double elapsedSeconds) {

        public double eventsPerSecond() {
            return elapsedSeconds == 0 ? 0 : events / elapsedSeconds;
        }
    }

    private final KafkaSettings kafka;

    public Replay(KafkaSettings kafka) {
        this.kafka = kafka;
    }

    /**
     * Runs to the end, or until the thread is interrupted; everything sent is acknowledged when it returns.
     *
     * @throws IOException if a file can't be read or the broker refuses
     */
    public Progress run(Request request, Consumer<Progress> progress) throws IOException {
        long events = 0;
        long malformed = 0;
        long nextReport = 0;
        try (BulkProducer producer = new BulkProducer(kafka);
                RowReader rows = TransactionFiles.rows(request.files(), request.schema())) {
            Pacer pacer = new Pacer(request.eventsPerSecond());
            while (rows.hasNext() && (request.maxEvents() == 0 || events < request.maxEvents())) {
                pacer.await();
                if (Thread.interrupted()) {
                    break;
                }
                malformed += send(rows.next(), request, producer) ? 0 : 1;
                events++;
                if (pacer.elapsedNanos() >= nextReport) {
                    nextReport = pacer.elapsedNanos() + REPORT_NANOS;
                    progress.accept(new Progress(
                            events, malformed, producer.acknowledged(), rows.fractionRead(), seconds(pacer)));
                }
            }
            producer.flush();
            Progress last = new Progress(events, malformed, producer.acknowledged(), 1, seconds(pacer));
            progress.accept(last);
            return last;
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static double seconds(Pacer pacer) {
        return pacer.elapsedNanos() / 1e9;
    }

    private static boolean send(FileRow row, Request request, BulkProducer producer) throws IOException {
        if (row.result() instanceof Transaction transaction) {
            producer.send(
                    request.keyed()
                            ? request.records().of(transaction.account(), row.json())
                            : request.records().withoutKey(row.json()));
            return true;
        }
        producer.send(request.records().withoutKey(row.json()));
        return false;
    }
}
