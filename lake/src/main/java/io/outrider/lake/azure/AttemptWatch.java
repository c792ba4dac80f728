package io.outrider.lake.azure;

import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpPipelineNextPolicy;
import com.azure.core.http.HttpPipelineNextSyncPolicy;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.HttpLoggingPolicy;
import com.azure.core.http.policy.HttpPipelinePolicy;
import com.azure.core.util.Context;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import reactor.core.publisher.Mono;

/**
 * Notices what the SDK does not tell its caller: that a request was sent again, and that an answer began to come in.
 * Stands behind the retry policy in the pipeline, and so sees every attempt.
 */
final class AttemptWatch implements HttpPipelinePolicy {

    private static final String KEY = "outrider-attempts";

    private final LongAdder retries = new LongAdder();

    /** What was seen of one call of the SDK, whose {@link Context} carries it to the pipeline. */
    static final class Attempts {

        private volatile boolean sentAgain;
        private volatile boolean answered;

        Context context() {
            return new Context(KEY, this);
        }

        /** Whether a request was sent more than once. */
        boolean wereRepeated() {
            return sentAgain;
        }

        /** Whether the head of an answer has come. */
        boolean wereAnswered() {
            return answered;
        }
    }

    long retries() {
        return retries.sum();
    }

    void countRetry() {
        retries.increment();
    }

    @Override
    public Mono<HttpResponse> process(HttpPipelineCallContext context, HttpPipelineNextPolicy next) {
        noteSending(context);
        return next.process().doOnNext(answer -> noteAnswer(context));
    }

    @Override
    public HttpResponse processSync(HttpPipelineCallContext context, HttpPipelineNextSyncPolicy next) {
        noteSending(context);
        HttpResponse answer = next.processSync();
        noteAnswer(context);
        return answer;
    }

    private void noteSending(HttpPipelineCallContext context) {
        boolean again = context.getData(HttpLoggingPolicy.RETRY_COUNT_CONTEXT)
                .map(attempt -> attempt instanceof Integer count && count > 1)
                .orElse(false);
        if (again) {
            retries.increment();
            attempts(context).ifPresent(attempts -> attempts.sentAgain = true);
        }
    }

    private static void noteAnswer(HttpPipelineCallContext context) {
        attempts(context).ifPresent(attempts -> attempts.answered = true);
    }

    private static Optional<Attempts> attempts(HttpPipelineCallContext context) {
        return context.getData(KEY).map(Attempts.class::cast);
    }
}
