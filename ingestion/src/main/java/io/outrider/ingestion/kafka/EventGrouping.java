package io.outrider.ingestion.kafka;

import io.outrider.core.event.EventGroup;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.pekko.Done;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;

/**
 * Groups what the upstream has ready, without ever waiting for more: a group is emitted when downstream asks, after all
 * records that the consumer had at hand have been taken, so it holds what one poll brought, or, when downstream was
 * busy, all that gathered since, up to a bound. ({@code batch} would emit the first record of each poll alone.) Holds
 * back the upstream when the bound is reached.
 */
final class EventGrouping extends GraphStage<FlowShape<ConsumerRecord<byte[], byte[]>, EventGroup>> {

    private final Inlet<ConsumerRecord<byte[], byte[]>> in = Inlet.create("records");
    private final Outlet<EventGroup> out = Outlet.create("groups");
    private final Supplier<GroupBuilder> builders;
    private final IntSupplier maxEvents;

    /** @param maxEvents the bound, which may change meanwhile */
    EventGrouping(Supplier<GroupBuilder> builders, IntSupplier maxEvents) {
        this.builders = builders;
        this.maxEvents = maxEvents;
    }

    @Override
    public FlowShape<ConsumerRecord<byte[], byte[]>, EventGroup> shape() {
        return FlowShape.of(in, out);
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private final class Logic extends GraphStageLogic {

        private final GroupBuilder builder = builders.get();
        private final AsyncCallback<Done> whenUpstreamIsDrained = createAsyncCallback(done -> drained());
        private boolean flushComing;

        Logic() {
            super(shape());
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    take(grab(in));
                }

                @Override
                public void onUpstreamFinish() {
                    if (builder.size() == 0) {
                        completeStage();
                    } else if (isAvailable(out)) {
                        flush();
                    }
                }
            });
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    if (builder.size() >= maxEvents.getAsInt() || (isClosed(in) && builder.size() > 0)) {
                        flush();
                    } else if (builder.size() > 0) {
                        flushSoon();
                    }
                }
            });
        }

        @Override
        public void preStart() {
            pull(in);
        }

        private void take(ConsumerRecord<byte[], byte[]> record) {
            builder.add(record);
            boolean wanted = isAvailable(out);
            if (builder.size() < maxEvents.getAsInt()) {
                pull(in);
                if (wanted) {
                    flushSoon();
                }
            } else if (wanted) {
                flush();
            }
        }

        /** Comes back as a message behind what the upstream pushes synchronously. */
        private void flushSoon() {
            if (!flushComing) {
                flushComing = true;
                whenUpstreamIsDrained.invoke(Done.getInstance());
            }
        }

        private void drained() {
            flushComing = false;
            if (isAvailable(out) && builder.size() > 0) {
                flush();
            }
        }

        private void flush() {
            push(out, builder.take());
            if (isClosed(in)) {
                completeStage();
            } else if (!hasBeenPulled(in)) {
                pull(in);
            }
        }
    }
}
