package io.groundwork.events;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.groundwork.events.Catalogue.Ipam;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Written by request-service alone, to {@code request.events.v1}: facts about a request as a whole. */
public sealed interface RequestEvent extends Event {

    /**
     * A request was accepted. It is not lost from here on.
     *
     * @param catalogued for each component what the catalogue said of it then, so that its plan depends on nothing else
     * @param checks what was looked at then; absent in what was accepted before there were checks
     */
    @Wire("request-submitted")
    record RequestSubmitted(
            Ask ask,
            Map<String, Catalogued> catalogued,
            @Nullable List<Check> checks) implements RequestEvent {
        public RequestSubmitted {
            catalogued = Collections.unmodifiableMap(new TreeMap<>(catalogued));
            checks = checks == null ? null : List.copyOf(checks);
        }
    }

    /**
     * Something that stood in the way of a request when it was looked at, or did not. It decides nothing: who decides on a
     * step looks again.
     *
     * @param name one word, such as {@code quota}
     * @param detail one sentence for the requester
     * @param durationMs how long the look took, in milliseconds
     */
    record Check(String name, boolean ok, String detail, double durationMs) {}

    /**
     * Another request is active on the resource; this one stands in the queue.
     *
     * @param position from 1
     * @param behind the active request
     */
    @Wire("request-queued")
    record RequestQueued(int position, RequestId behind) implements RequestEvent {}

    /** The request is the active one of its resource, with this plan. Undone by the plan's own steps. */
    @Wire("request-started")
    record RequestStarted(Plan plan, String digest, Ask ask) implements RequestEvent {}

    /** The request turns backward because somebody asked for it. */
    @Wire("cancel-requested")
    record CancelRequested(String actor, String reason) implements RequestEvent {}

    /** An operator turned the request backward at a stuck step. */
    @Wire("request-aborted")
    record RequestAborted(String actor, String reason) implements RequestEvent {}

    /** A step was not at rest in time. The request turns backward, unless the step pauses on failure. */
    @Wire("step-overdue")
    record StepOverdue(String service, Instant deadline) implements RequestEvent {}

    /**
     * Automation gave up on a step, or its owner is silent.
     *
     * @param actions what an operator may do: {@code retry}, {@code skip}, {@code abandon}, {@code abort}; empty while only the
     *     owner's return helps
     */
    @Wire("intervention-requested")
    record InterventionRequested(String service, @Nullable Failure failure, List<Intervention> actions)
            implements RequestEvent {}

    /** An operator decided on a stuck step; its owner acts on the attempt that the envelope names. */
    @Wire("intervention-decided")
    record InterventionDecided(Intervention action, String actor, String reason) implements RequestEvent {}

    /**
     * The end: exactly one for each request that was accepted.
     *
     * @param category of the first failure, if one led here
     * @param message one sentence for the requester
     * @param outputs by component
     */
    @Wire("request-closed")
    record RequestClosed(
            RequestKind operation,
            Outcome outcome,
            @Nullable FailureCategory category,
            @Nullable String message,
            Map<String, ComponentOutputs> outputs,
            Instant startedAt,
            Instant closedAt,
            List<Recipient> recipients)
            implements RequestEvent {}

    /**
     * What was asked, as it was accepted.
     *
     * @param requester who asks, as {@code name@tenant.example}
     * @param approvers who may approve; empty when a policy approves by itself
     * @param designDigest of {@code design}
     * @param acceptedAt when the POST was accepted
     * @param capacityTimeout how long to wait for servers and addresses that are not free; to fail at once when absent
     * @param replace which instance gets another server; absent of every other operation
     */
    record Ask(
            RequestKind operation,
            String requester,
            List<String> approvers,
            int quorum,
            Duration approvalTimeout,
            OnConflict onConflict,
            Design design,
            String designDigest,
            List<Recipient> recipients,
            Instant acceptedAt,
            @Nullable Duration capacityTimeout,
            @Nullable Replacement replace) {

        public Ask(
                RequestKind operation,
                String requester,
                List<String> approvers,
                int quorum,
                Duration approvalTimeout,
                OnConflict onConflict,
                Design design,
                String designDigest,
                List<Recipient> recipients,
                Instant acceptedAt,
                @Nullable Duration capacityTimeout) {
            this(
                    operation,
                    requester,
                    approvers,
                    quorum,
                    approvalTimeout,
                    onConflict,
                    design,
                    designDigest,
                    recipients,
                    acceptedAt,
                    capacityTimeout,
                    null);
        }

        public Ask(
                RequestKind operation,
                String requester,
                List<String> approvers,
                int quorum,
                Duration approvalTimeout,
                OnConflict onConflict,
                Design design,
                String designDigest,
                List<Recipient> recipients,
                Instant acceptedAt) {
            this(
                    operation,
                    requester,
                    approvers,
                    quorum,
                    approvalTimeout,
                    onConflict,
                    design,
                    designDigest,
                    recipients,
                    acceptedAt,
                    null);
        }
    }

    /** What the catalogue says of what a component names. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
    @JsonSubTypes({@JsonSubTypes.Type(Catalogued.Vm.class), @JsonSubTypes.Type(Catalogued.Server.class)})
    sealed interface Catalogued {

        /** Of a {@code cloud.vm}. */
        record Vm(Catalogue.Flavor flavor, Catalogue.Image image) implements Catalogued {}

        /**
         * Of a {@code metal.server}.
         *
         * @param subnets by network, the name of its subnet at the component's site
         * @param ipam who gives addresses at the site; absent: its subnets
         */
        record Server(
                Catalogue.ServerType serverType,
                Catalogue.OsTemplate osTemplate,
                Map<String, String> subnets,
                @Nullable Ipam ipam)
                implements Catalogued {
            public Server {
                subnets = Collections.unmodifiableMap(new TreeMap<>(subnets));
            }
        }
    }

    /** What a request wants when its resource is busy. */
    enum OnConflict {
        QUEUE,
        REJECT
    }

    /**
     * Whom to tell of the end: exactly one of these.
     *
     * @param webhook a URL in clear: only in events from before {@code sealedWebhook}
     * @param sealedWebhook a URL sealed to notification-service
     */
    record Recipient(
            @Nullable String email,
            @Nullable String webhook,
            @Nullable SealedUrl sealedWebhook) {

        /** A mail address. */
        public static Recipient mail(String email) {
            return new Recipient(email, null, null);
        }

        /** A webhook. */
        public static Recipient hook(SealedUrl webhook) {
            return new Recipient(null, null, webhook);
        }
    }

    /** What an operator can do about a stuck step. */
    enum Intervention {
        /** Try again, as the next attempt. */
        RETRY,
        /** Go on without it; only forward. */
        SKIP,
        /** Give up undoing it; only backward. The request ends tainted. */
        ABANDON,
        /** Turn the request backward; only forward. */
        ABORT
    }
}
