package io.outrider.lake.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GrowingBytesTest {

    @Test
    void holdsWhatWasWrittenInPiecesOfAnyLength() {
        Random random = new Random(7);
        GrowingBytes bytes = new GrowingBytes();
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        assertThat(bytes.toByteArray()).isEmpty();
        for (int i = 0; i < 200; i++) {
            byte[] piece = new byte[random.nextInt(20_000)];
            random.nextBytes(piece);
            int start = piece.length / 10;
            bytes.write(piece, start, piece.length - start);
            expected.write(piece, start, piece.length - start);
            bytes.write(i);
            expected.write(i);
            assertThat(bytes.size()).isEqualTo(expected.size());
        }
        assertThat(bytes.size()).isGreaterThan(1 << 20);
        assertThat(bytes.toByteArray()).isEqualTo(expected.toByteArray());
    }
}
