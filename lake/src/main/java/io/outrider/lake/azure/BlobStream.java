package io.outrider.lake.azure;

import com.azure.storage.blob.specialized.BlobInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A blob being read in chunks by the SDK (4 MiB each, by default), which holds them to one ETag. What the SDK throws, in
 * whatever form, becomes the port's IOException. For one thread.
 */
final class BlobStream extends InputStream {

    private final String name;
    private final BlobInputStream chunks;

    BlobStream(String name, BlobInputStream chunks) {
        this.name = name;
        this.chunks = chunks;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        try {
            return chunks.read(into, offset, length);
        } catch (RuntimeException e) {
            throw new IOException("could not read on in " + name + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        chunks.close();
    }
}
