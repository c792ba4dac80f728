package io.outrider.lake.azure;

import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.storage.blob.BlobServiceClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import java.time.Duration;

/** The SDK's client of a storage account, with our credentials, timeouts and retries. */
final class BlobAccount {

    /** An attempt's own timeout comes first; this one is the SDK's, for what does not come to its end by itself. */
    private static final Duration SLACK = Duration.ofSeconds(1);

    private BlobAccount() {}

    /**
     * Makes the client, without asking the account.
     *
     * @throws IllegalArgumentException if the connection string is none
     */
    static BlobServiceClient open(AzureBlobSettings settings, AttemptWatch watch) {
        AzureBlobSettings.Retry retry = settings.retry();
        AzureBlobSettings.Timeouts timeouts = settings.timeouts();
        BlobServiceClientBuilder builder = new BlobServiceClientBuilder()
                .httpClient(http(timeouts))
                .addPolicy(watch)
                .retryOptions(new RequestRetryOptions(
                        RetryPolicyType.EXPONENTIAL,
                        retry.attempts(),
                        timeouts.attempt().plus(SLACK),
                        retry.firstDelay(),
                        retry.longestDelay(),
                        null));
        if (settings.connectionString() != null) {
            try {
                builder.connectionString(settings.connectionString());
            } catch (IllegalArgumentException e) {
                // Without the cause, which might quote the secret.
                throw new IllegalArgumentException("outrider.lake.azure.connection-string is no connection string of a"
                        + " storage account (AccountName, AccountKey, EndpointSuffix or BlobEndpoint)");
            }
        } else {
            builder.endpoint(settings.accountUrl());
            if (!settings.hasSharedAccessSignature()) {
                builder.credential(new DefaultAzureCredentialBuilder().build());
            }
        }
        return builder.buildClient();
    }

    private static HttpClient http(AzureBlobSettings.Timeouts timeouts) {
        // The service speaks HTTP/1.1 only; without being told, the client would first offer an upgrade.
        return new JdkHttpClientBuilder(
                        java.net.http.HttpClient.newBuilder().version(java.net.http.HttpClient.Version.HTTP_1_1))
                .connectionTimeout(timeouts.connect())
                .responseTimeout(timeouts.attempt())
                .readTimeout(timeouts.stall())
                .writeTimeout(timeouts.stall())
                .build();
    }
}
