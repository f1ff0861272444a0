package io.groundwork.events;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What allocation-service administers and publishes on {@link Topics#CATALOGUE}: the value behind a key
 * {@code <kind>/<name>}. A tombstone withdraws an entry.
 */
public sealed interface Catalogue {

    /**
     * Key {@code flavors/<name>}: a size of virtual machine.
     *
     * @param memoryGiB in GiB
     * @param pricePerMonth of one machine, in {@code currency}; in JSON a decimal number as text, so that no reader rounds it
     * @param instanceType the provider's name for it
     */
    record Flavor(
            int vcpus,
            int memoryGiB,
            @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal pricePerMonth,
            String currency,
            String instanceType)
            implements Catalogue {}

    /**
     * Key {@code images/<name>}.
     *
     * @param providerName the name that it is found by at the provider
     */
    record Image(String providerName, String description) implements Catalogue {}

    /** Key {@code networks/<name>}. */
    record Network(String description) implements Catalogue {}

    /** Key {@code regions/<name>}: where an approver may place machines. */
    record Region(String description) implements Catalogue {}

    /** Key {@code profiles/<name>}: the provider account and role that machines are made with. */
    record Profile(String description) implements Catalogue {}

    /** Key {@code quotas/<tenant>/<project>}: the most that a project may hold, by measure; a measure not named is not limited. */
    record Quota(Map<String, Long> limits) implements Catalogue {
        public Quota {
            limits = Collections.unmodifiableMap(new TreeMap<>(limits));
        }
    }
}
