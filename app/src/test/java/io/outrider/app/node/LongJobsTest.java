package io.outrider.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.pace.Pace;
import io.outrider.training.supervisor.SupervisorSettings;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class LongJobsTest {

    @Test
    void workLeavesRoomWhereTransactionsAreDecidedAndNowhereElse() {
        SupervisorSettings settings = SupervisorSettings.from(ConfigFactory.load());
        assertThat(LongJobs.pace(EnumSet.allOf(Role.class), settings).get().isFull())
                .isFalse();
        assertThat(LongJobs.pace(EnumSet.of(Role.API, Role.BATCH), settings).get())
                .isSameAs(Pace.FULL);
    }
}
