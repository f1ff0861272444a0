package io.groundwork.cloud.driver;

import io.groundwork.cloud.driver.Profiles.Role;
import io.groundwork.events.ApprovalEvent.Choices;
import io.groundwork.events.FailureCategory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.builder.SdkSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;

/**
 * EC2 by the AWS SDK, one client for each region and profile. The SDK does not retry: the engine does, and a call's time must
 * bound how long it can still land.
 */
public final class SdkAccounts implements Function<Choices, Ec2>, AutoCloseable {

    private final Profiles profiles;
    private final SdkHttpClient http;
    private final AwsCredentialsProvider self =
            DefaultCredentialsProvider.builder().build();
    private final Map<Choices, SdkEc2> places = new ConcurrentHashMap<>();

    public SdkAccounts(Profiles profiles) {
        this.profiles = profiles;
        this.http = UrlConnectionHttpClient.builder()
                .connectionTimeout(profiles.callTime())
                .socketTimeout(profiles.callTime())
                .build();
    }

    @Override
    public Ec2 apply(Choices placement) {
        var role = profiles.roles().get(placement.profile());
        if (role == null && !placement.profile().equals(Profiles.STANDARD)) {
            throw new Ec2Exception.Refused("UnknownProfile", FailureCategory.AUTH, false, true);
        }
        return places.computeIfAbsent(placement, any -> new SdkEc2(client(placement, role)));
    }

    private Ec2Client client(Choices placement, @Nullable Role role) {
        var region = Region.of(placement.region());
        return configured(Ec2Client.builder(), region, credentials(placement, role))
                .build();
    }

    private AwsCredentialsProvider credentials(Choices placement, @Nullable Role role) {
        if (role == null || role.arn() == null) {
            return self;
        }
        var sts = configured(StsClient.builder(), Region.of(placement.region()), self)
                .build();
        var request = AssumeRoleRequest.builder()
                .roleArn(role.arn())
                .roleSessionName("groundwork")
                .externalId(role.externalId())
                .durationSeconds(900)
                .build();
        return StsAssumeRoleCredentialsProvider.builder()
                .stsClient(sts)
                .refreshRequest(request)
                .build();
    }

    private <C, B extends AwsClientBuilder<B, C> & SdkSyncClientBuilder<B, C>> B configured(
            B builder, Region region, AwsCredentialsProvider credentials) {
        builder.region(region)
                .credentialsProvider(credentials)
                .httpClient(http)
                .overrideConfiguration(
                        call -> call.apiCallTimeout(profiles.callTime()).retryStrategy(AwsRetryStrategy.doNotRetry()));
        if (profiles.endpoint() != null) {
            builder.endpointOverride(profiles.endpoint());
        }
        return builder;
    }

    @Override
    public void close() {
        places.values().forEach(SdkEc2::close);
        http.close();
    }
}
