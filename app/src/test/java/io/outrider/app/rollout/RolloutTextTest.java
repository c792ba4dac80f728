package io.outrider.app.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The rollout in words. */
final class RolloutTextTest {

    @Test
    void itSaysWhereARollbackGoesWhatIsArchivedAndWhatTheGateSaysOfACanary() throws IOException {
        String text = RolloutText.of(new ObjectMapper().readTree("""
                        {"promotion": "manual", "champion": {"modelVersion": "m8"},
                         "canary": {"modelVersion": "m9", "share": 0.1, "gate": {"passed": false, "reasons": ["too young"]}},
                         "former": ["m1", "m2"], "archived": ["m1", "m2", "m3", "m4", "m5", "m6", "m7"]}
                        """));
        assertThat(text)
                .containsSubsequence("canary      m9", "gate        not passed", "            too young")
                .containsSubsequence("former      m2, m1", "archived    m7, m6, m5, m4, m3 and 2 before");
    }
}
