package io.groundwork.simulators.ec2;

import java.net.URI;
import java.util.function.Supplier;
import org.assertj.core.api.Assertions;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.sts.StsClient;

/** Clients of the AWS SDK that try once, so that a test sees what one call does. */
final class Clients {
    static final AwsCredentials CREDENTIALS =
            AwsBasicCredentials.create(Ec2Simulator.Config.DEFAULT_ACCESS_KEY, Ec2Simulator.Config.DEFAULT_SECRET_KEY);

    private Clients() {}

    static Ec2Client ec2(URI endpoint, Region region) {
        return ec2(endpoint, region, CREDENTIALS);
    }

    static Ec2Client ec2(URI endpoint, Region region, AwsCredentials credentials) {
        return Ec2Client.builder()
                .endpointOverride(endpoint)
                .region(region)
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .build();
    }

    static StsClient sts(URI endpoint, AwsCredentials credentials) {
        return StsClient.builder()
                .endpointOverride(endpoint)
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .build();
    }

    /** The refusal that a call ends in. */
    static AwsServiceException refusalOf(Supplier<?> call) {
        return Assertions.catchThrowableOfType(AwsServiceException.class, call::get);
    }

    /** The error code that a call ends in. */
    static String codeOf(Supplier<?> call) {
        var refusal = refusalOf(call);
        Assertions.assertThat(refusal).as("refused").isNotNull();
        return refusal.awsErrorDetails().errorCode();
    }
}
