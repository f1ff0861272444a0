package io.groundwork.cloud;

import io.groundwork.cloud.driver.Ec2;
import io.groundwork.cloud.driver.Ec2Exception;
import io.groundwork.cloud.driver.SdkAccounts;
import io.groundwork.events.AccountFact;
import io.groundwork.events.ApprovalEvent.Choices;
import io.groundwork.events.Catalogue;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Topics;
import io.groundwork.runtime.Rounds;
import io.groundwork.runtime.streams.CommandGateway;
import io.groundwork.runtime.streams.Tables;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tries now and then whether every account takes its credentials in every region of the catalogue, and says what it saw, so that
 * a request can be told before it waits for anybody. It changes nothing: a look is one call that lists the key pairs of an
 * operation that there never is.
 */
@ApplicationScoped
public class AccountWatch {

    private static final Logger LOG = Logger.getLogger(AccountWatch.class);
    private static final Duration ROUND = Duration.ofSeconds(2);
    private static final String NOBODYS = "groundwork-account-look";
    private static final String TYPE = "account-fact";

    private final Duration every;
    private final SdkAccounts accounts;
    private final Tables tables;
    private final CommandGateway gateway;
    private final Map<Choices, Instant> looked = new HashMap<>();
    private @Nullable Rounds rounds;

    @Inject
    public AccountWatch(CloudConfig config, SdkAccounts accounts, Tables tables, CommandGateway gateway) {
        this.every = config.accountLooks();
        this.accounts = accounts;
        this.tables = tables;
        this.gateway = gateway;
    }

    void start(@Observes StartupEvent start) {
        if (!every.isZero()) {
            rounds = Rounds.every(ROUND, "account-watch", this::round);
        }
    }

    void stop(@Observes ShutdownEvent stop) {
        if (rounds != null) {
            rounds.close();
        }
    }

    private void round() {
        Set<String> regions;
        try {
            regions = tables.list(Topics.CATALOGUE, "regions/", Catalogue.Region.class)
                    .keySet();
        } catch (InvalidStateStoreException starting) {
            // the catalogue is still being read
            return;
        }
        for (var profile : tables.list(Topics.CATALOGUE, "profiles/", Catalogue.Profile.class)
                .keySet()) {
            for (var region : regions) {
                var place = new Choices(region, profile);
                var now = Instant.now();
                var last = looked.get(place);
                if (last == null || !now.isBefore(last.plus(every))) {
                    looked.put(place, now);
                    // one that does not answer takes a call's time, and no other waits for it
                    Thread.ofVirtual().name("account-look").start(() -> say(place));
                }
            }
        }
    }

    private void say(Choices place) {
        try {
            look(accounts, place, Instant.now())
                    .ifPresent(fact -> gateway.send(
                            Topics.ACCOUNTS,
                            place.profile() + "/" + place.region(),
                            UUID.randomUUID().toString(),
                            TYPE,
                            fact));
        } catch (RuntimeException unsaid) {
            LOG.warnf(unsaid, "what was seen of %s could not be said", place);
        }
    }

    /** What a look comes to; empty if it tells nothing. */
    static Optional<AccountFact> look(Function<Choices, ? extends Ec2> accounts, Choices place, Instant now) {
        try {
            accounts.apply(place).keys(NOBODYS);
            return Optional.of(new AccountFact(place.profile(), place.region(), true, null, now));
        } catch (Ec2Exception refused) {
            var failure = refused.failure();
            // too many calls were made, by whoever they were taken for
            return failure.category() == FailureCategory.THROTTLED
                    ? Optional.empty()
                    : Optional.of(new AccountFact(place.profile(), place.region(), false, failure.message(), now));
        }
    }
}
