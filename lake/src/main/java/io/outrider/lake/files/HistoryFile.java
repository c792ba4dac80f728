package io.outrider.lake.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.outrider.core.event.DecodeResult;
import io.outrider.core.event.EventSchema;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionDecoder;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One open history file and the row it stands at. */
final class HistoryFile implements AutoCloseable {

    /** Year 9999: no event is in the future of it, and it leaves room to add to. */
    private static final long NO_APPEND_TIME = 253_402_300_799_000L;

    private static final byte[] SCENARIO = "\"fraud_scenario\"".getBytes(StandardCharsets.UTF_8);
    private static final JsonFactory JSON = new JsonFactory();
    private final Path path;
    private final long sizeBytes;
    private final CountingStream counter;
    private final LineReader lines;
    private final @Nullable CsvRows csv;
    private final TransactionDecoder decoder;
    private boolean lineWaiting;
    private @Nullable FileRow head;
    private long headTimeMs = Long.MIN_VALUE;

    private HistoryFile(Path path, CountingStream counter, LineReader lines, @Nullable CsvRows csv, EventSchema schema)
            throws IOException {
        this.path = path;
        this.sizeBytes = Files.size(path);
        this.counter = counter;
        this.lines = lines;
        this.csv = csv;
        this.lineWaiting = csv == null;
        this.decoder = new TransactionDecoder(schema);
    }

    static HistoryFile open(Path path, EventSchema schema) throws IOException {
        CountingStream counter = new CountingStream(Files.newInputStream(path));
        try {
            LineReader lines = firstLine(path, counter);
            CsvRows csv = lines.looksLikeJson() ? null : CsvRows.of(lines.text(), schema);
            return new HistoryFile(path, counter, lines, csv, schema);
        } catch (IllegalArgumentException e) {
            counter.close();
            throw new IOException(path + ": " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            counter.close();
            throw e;
        }
    }

    private static LineReader firstLine(Path path, InputStream raw) throws IOException {
        boolean any;
        LineReader lines;
        try {
            lines = new LineReader(MaybeGzip.unzipped(raw));
            any = lines.next(false);
        } catch (IOException e) {
            throw new DamagedFileException(path, 0, e);
        }
        if (!any) {
            throw new IOException(path + ": the file is empty");
        }
        return lines;
    }

    /** Moves to the next row that is not blank; false at the end. */
    boolean advance() throws IOException {
        do {
            if (!lineWaiting && !nextLine()) {
                head = null;
                return false;
            }
            lineWaiting = false;
        } while (lines.isBlank());
        byte[] json;
        int scenario;
        if (csv == null) {
            json = lines.bytes();
            scenario = contains(json, SCENARIO) ? scenarioOf(json) : -1;
        } else {
            try {
                json = csv.toJson(lines);
            } catch (IllegalArgumentException e) {
                throw new IOException(path + ":" + lines.number() + ": " + e.getMessage(), e);
            }
            scenario = csv.fraudScenario();
        }
        DecodeResult result = decoder.decode(json, NO_APPEND_TIME);
        if (result instanceof Transaction transaction) {
            headTimeMs = transaction.eventTimeMs();
        }
        head = new FileRow(json, result, scenario, path, lines.number());
        return true;
    }

    private boolean nextLine() throws IOException {
        long last = lines.number();
        try {
            return lines.next(csv != null);
        } catch (IOException e) {
            throw new DamagedFileException(path, last, e);
        }
    }

    FileRow head() {
        return Objects.requireNonNull(head);
    }

    long headTimeMs() {
        return headTimeMs;
    }

    Path path() {
        return path;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    long bytesRead() {
        return counter.count;
    }

    @Override
    public void close() {
        try {
            counter.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int scenarioOf(byte[] json) {
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return -1;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean wanted = parser.currentName().equals("fraud_scenario");
                parser.nextToken();
                if (wanted) {
                    return parser.getValueAsInt(-1);
                }
                parser.skipChildren();
            }
            return -1;
        } catch (IOException e) {
            return -1; // the decoder says what is wrong with the line
        }
    }

    private static boolean contains(byte[] text, byte[] part) {
        for (int i = 0; i + part.length <= text.length; i++) {
            int j = 0;
            while (j < part.length && text[i + j] == part[j]) {
                j++;
            }
            if (j == part.length) {
                return true;
            }
        }
        return false;
    }

    /** Counts the bytes taken from the file itself, for progress. */
    private static final class CountingStream extends FilterInputStream {
        private long count;

        CountingStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            count += b >= 0 ? 1 : 0;
            return b;
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            int n = super.read(b, off, len);
            count += Math.max(n, 0);
            return n;
        }
    }
}
