package io.groundwork.runtime.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** What every service keeps to, whatever it does; each checks itself in its {@code ArchitectureTest}. */
public final class ServiceRules {

    private static final String DOMAIN = "io.groundwork.*.domain..";

    @ArchTest
    static final ArchRule DOMAIN_IS_PURE = classes()
            .that()
            .resideInAPackage(DOMAIN)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "org.jspecify..",
                    "javax.crypto..",
                    "com.fasterxml.jackson..",
                    "io.groundwork.events..",
                    "io.groundwork.saga..",
                    "io.groundwork.runtime",
                    "io.groundwork.runtime.component..",
                    DOMAIN);

    @ArchTest
    static final ArchRule DOMAIN_KNOWS_NO_CLOCK_AND_NO_CHANCE = noClasses()
            .that()
            .resideInAPackage(DOMAIN)
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(UUID.class, "randomUUID")
            .orShould()
            .callMethod(ThreadLocalRandom.class, "current");

    @ArchTest
    static final ArchRule DRIVERS_KNOW_NO_BROKER = noClasses()
            .that()
            .resideInAPackage("io.groundwork.*.driver..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "io.groundwork.runtime.streams..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule VIEWS_KNOW_NO_API = noClasses()
            .that()
            .resideInAPackage("io.groundwork.*.view..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.groundwork.*.api..")
            .allowEmptyShould(true);

    private ServiceRules() {}
}
