package io.outrider.lake.files;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** A file's content, be the file gzip or not: told by its first bytes, whatever its name. */
public final class MaybeGzip {

    private static final int BUFFER_BYTES = 1 << 16;

    private MaybeGzip() {}

    /** The content, buffered; IOException if gzip's header is damaged. */
    public static InputStream unzipped(InputStream raw) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(raw, BUFFER_BYTES);
        buffered.mark(2);
        boolean gzip = buffered.read() == 0x1f && buffered.read() == 0x8b;
        buffered.reset();
        return gzip ? new GZIPInputStream(buffered, BUFFER_BYTES) : buffered;
    }
}
