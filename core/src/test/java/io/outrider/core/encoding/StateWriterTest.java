package io.outrider.core.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateWriterTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 16_383, 16_384})
    void whatIsWrittenSizedIsTheSameAsWithItsLengthBeforeIt(int size) {
        byte[] content = new byte[size];
        for (int i = 0; i < size; i++) {
            content[i] = (byte) (i * 31 + 7);
        }
        StateWriter plain = new StateWriter();
        plain.text("before");
        plain.unsigned(size);
        plain.raw(content);
        plain.text("behind");
        StateWriter sized = new StateWriter(1);
        for (int pass = 0; pass < 2; pass++) {
            sized.clear();
            sized.text("before");
            sized.sized(out -> out.raw(content));
            sized.text("behind");
            assertThat(sized.toBytes()).isEqualTo(plain.toBytes());
        }
    }
}
