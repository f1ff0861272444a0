package io.groundwork.request.view;

import io.groundwork.events.AllocationEvent.AllocationFailed;
import io.groundwork.events.AllocationEvent.AllocationStarted;
import io.groundwork.events.AllocationEvent.CapacityAwaited;
import io.groundwork.events.AllocationEvent.ResourcesAllocated;
import io.groundwork.events.AllocationEvent.ResourcesReleased;
import io.groundwork.events.ApprovalEvent.ApprovalExpired;
import io.groundwork.events.ApprovalEvent.ApprovalFailed;
import io.groundwork.events.ApprovalEvent.ApprovalRequested;
import io.groundwork.events.ApprovalEvent.ApprovalWithdrawn;
import io.groundwork.events.ApprovalEvent.Choices;
import io.groundwork.events.ApprovalEvent.DecisionRecorded;
import io.groundwork.events.ApprovalEvent.RequestApproved;
import io.groundwork.events.ApprovalEvent.RequestRejected;
import io.groundwork.events.Claim;
import io.groundwork.events.ComponentEvent.ComponentDeprovisioned;
import io.groundwork.events.ComponentEvent.ComponentFailed;
import io.groundwork.events.ComponentEvent.ComponentProgressed;
import io.groundwork.events.ComponentEvent.ComponentProvisioned;
import io.groundwork.events.ComponentEvent.ComponentStarted;
import io.groundwork.events.Design.AccessGrant;
import io.groundwork.events.Event;
import io.groundwork.events.Fact;
import io.groundwork.events.Grant;
import io.groundwork.events.IamEvent.AccessFailed;
import io.groundwork.events.IamEvent.AccessGranted;
import io.groundwork.events.IamEvent.AccessProgressed;
import io.groundwork.events.IamEvent.AccessRevoked;
import io.groundwork.events.IamEvent.AccessStarted;
import io.groundwork.events.NotificationEvent.NotificationDelayed;
import io.groundwork.events.NotificationEvent.NotificationFailed;
import io.groundwork.events.NotificationEvent.NotificationSent;
import io.groundwork.events.RequestEvent.CancelRequested;
import io.groundwork.events.RequestEvent.InterventionDecided;
import io.groundwork.events.RequestEvent.InterventionRequested;
import io.groundwork.events.RequestEvent.RequestAborted;
import io.groundwork.events.RequestEvent.RequestClosed;
import io.groundwork.events.RequestEvent.RequestQueued;
import io.groundwork.events.RequestEvent.RequestStarted;
import io.groundwork.events.RequestEvent.RequestSubmitted;
import io.groundwork.events.RequestEvent.StepOverdue;
import io.groundwork.events.SealedUrl;
import io.groundwork.events.StepEvent.DecisionParked;
import io.groundwork.events.StepEvent.StepAbandoned;
import io.groundwork.events.StepEvent.StepSkipped;
import io.groundwork.events.StepEvent.StepStuck;
import io.groundwork.events.StepEvent.StepUndoing;
import io.groundwork.events.StepEvent.StepWaived;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Every event in one sentence, and who did it. */
final class Sentences {

    /** What {@code event} says, for people; its type if this version does not know it. */
    static String summary(Fact fact, @Nullable Event event) {
        return switch (event) {
            case null -> fact.type();
            case RequestSubmitted e ->
                e.ask().requester() + " asked to " + e.ask().operation().word()
                        + (e.ask().replace() == null
                                ? ""
                                : " the server behind " + e.ask().replace().name())
                        + ".";
            case RequestQueued e -> "Waits in the queue, at position " + e.position() + ", behind " + e.behind() + ".";
            case RequestStarted e ->
                "Started with a plan of " + e.plan().steps().size() + " steps.";
            case CancelRequested e -> e.actor() + " canceled it: " + e.reason();
            case RequestAborted e -> e.actor() + " aborted it: " + e.reason();
            case StepOverdue e -> e.service() + " did not move " + fact.step() + " on in time.";
            case InterventionRequested e ->
                e.actions().isEmpty()
                        ? "Waits for " + e.service() + " to return."
                        : "An operator must decide on " + fact.step() + ": " + words(e.actions()) + ".";
            case InterventionDecided e ->
                e.actor() + " decided to " + word(e.action()) + " " + fact.step() + ": " + e.reason();
            case RequestClosed e -> "Ended " + e.outcome() + (e.message() == null ? "." : ": " + e.message());
            case ApprovalRequested e ->
                "Asked " + String.join(", ", e.approvers()) + " to approve until " + e.deadline() + ".";
            case DecisionRecorded e ->
                e.approver() + (e.approved() ? " approved" : " rejected") + place(e.choices()) + ": " + e.reason();
            case RequestApproved e ->
                "Approved by " + String.join(", ", e.proof().content().approvers())
                        + place(e.proof().content().choices()) + ".";
            case RequestRejected e -> "Rejected by " + e.approver() + ": " + e.reason();
            case ApprovalExpired e -> "Nobody decided until " + e.deadline() + ".";
            case ApprovalWithdrawn e -> "The approval was withdrawn: " + e.reason();
            case ApprovalFailed e -> "Nobody could be asked: " + e.failure().message();
            case AllocationStarted e ->
                e.returned() == null ? "Claims " + claims(e.wanted()) + "." : "Gives back " + named(e.returned()) + ".";
            case ResourcesAllocated e -> "Holds " + claims(e.claims()) + "." + servers(e.grants());
            case CapacityAwaited e ->
                "Waits for capacity of " + e.pool() + ", as number " + e.position() + ", until " + e.until() + ".";
            case AllocationFailed e -> "Could not be allocated: " + e.failure().message();
            case ResourcesReleased e ->
                "Gave back " + claims(e.claims()) + (e.grants().isEmpty() ? "." : ": " + named(e.grants()) + ".");
            case ComponentStarted e ->
                "Works on " + what(e.component(), e.count(), e.index()) + place(e.placement()) + ".";
            case ComponentProgressed e ->
                e.done() + " of " + e.total() + " of " + e.component() + (e.detail() == null ? "." : ": " + e.detail());
            case ComponentProvisioned e -> e.outputs().count() + " of " + e.component() + " run.";
            case ComponentFailed e -> e.component() + " failed: " + e.failure().message();
            case ComponentDeprovisioned e ->
                e.index() == null
                        ? e.count() + " of " + e.component() + " are verified gone."
                        : e.component() + "-" + e.index() + " is verified gone.";
            case AccessStarted e -> "Grants " + access(e.access()) + ".";
            case AccessProgressed e -> "Waits for the directory.";
            case AccessGranted e -> "Granted " + access(e.access()) + ".";
            case AccessFailed e -> "Access failed: " + e.failure().message();
            case AccessRevoked e -> "Revoked " + access(e.access()) + ".";
            case StepSkipped e -> fact.step() + " is not needed any more.";
            case StepUndoing e -> fact.step() + " is being undone.";
            case StepStuck e -> fact.step() + " is stuck: " + e.failure().message();
            case StepWaived e -> e.actor() + " went on without " + fact.step() + ": " + e.reason();
            case StepAbandoned e ->
                e.actor() + " gave up " + fact.step() + ": " + e.reason()
                        + (e.left().isEmpty() ? "" : " (may be left: " + String.join(", ", e.left()) + ")");
            case DecisionParked e ->
                fact.owner().service() + " could not decide: " + e.failure().message();
            case NotificationSent e ->
                "Told " + whom(e.channel(), e.to()) + " of " + e.about() + " by " + e.channel() + ".";
            case NotificationDelayed e ->
                "Tries again to tell " + whom(e.channel(), e.to()) + " of " + e.about() + " by " + e.channel() + ": "
                        + (e.delivery().lastError() == null
                                ? "not delivered yet"
                                : e.delivery().lastError().message());
            case NotificationFailed e ->
                "Could not tell " + whom(e.channel(), e.to()) + " of " + e.about() + ": "
                        + e.failure().message();
        };
    }

    /** Who did it: a person, else the service. */
    static String actor(Fact fact, @Nullable Event event) {
        return switch (event) {
            case RequestSubmitted e -> e.ask().requester();
            case CancelRequested e -> e.actor();
            case RequestAborted e -> e.actor();
            case InterventionDecided e -> e.actor();
            case DecisionRecorded e -> e.approver();
            case RequestRejected e -> e.approver();
            case StepWaived e -> e.actor();
            case StepAbandoned e -> e.actor();
            case null, default -> fact.owner().service();
        };
    }

    /** Old events name a webhook by its whole URL, which often carries a token. */
    private static String whom(String channel, String to) {
        return channel.equals("webhook") ? SealedUrl.origin(to) : to;
    }

    private static String place(@Nullable Choices choices) {
        return choices == null ? "" : " in " + choices.region() + " as " + choices.profile();
    }

    private static String what(String component, int count, @Nullable Integer index) {
        return index == null ? count + " of " + component : component + "-" + index;
    }

    private static String named(List<Grant> grants) {
        return grants.isEmpty()
                ? "nothing"
                : grants.stream()
                        .flatMap(grant -> grant.servers().stream())
                        .map(Grant.AllocatedServer::server)
                        .collect(Collectors.joining(", "));
    }

    /** Which servers, and why not those that were preferred. */
    private static String servers(List<Grant> grants) {
        var said = new StringBuilder();
        for (var grant : grants) {
            if (!grant.servers().isEmpty()) {
                said.append(grant.servers().stream()
                        .map(one -> one.component() + " " + one.index() + " is " + one.server())
                        .collect(Collectors.joining(", ", " ", ".")));
            }
            for (var unmet : grant.unmet()) {
                said.append(' ')
                        .append(unmet.server() == null ? unmet.wish() : unmet.server())
                        .append(": ")
                        .append(unmet.reason())
                        .append('.');
            }
        }
        return said.toString();
    }

    private static String claims(List<Claim> claims) {
        return claims.isEmpty()
                ? "nothing"
                : claims.stream()
                        .map(claim -> claim.amounts().entrySet().stream()
                                        .map(amount -> amount.getValue() + " " + amount.getKey())
                                        .collect(Collectors.joining(", "))
                                + " of " + claim.pool())
                        .collect(Collectors.joining("; "));
    }

    private static String access(List<AccessGrant> access) {
        return access.isEmpty()
                ? "nothing"
                : access.stream()
                        .map(grant -> grant.role() + " to " + grant.group())
                        .collect(Collectors.joining(", "));
    }

    private static String words(List<? extends Enum<?>> actions) {
        return actions.stream().map(Sentences::word).collect(Collectors.joining(", "));
    }

    private static String word(Enum<?> action) {
        return action.name().toLowerCase(Locale.ROOT);
    }

    private Sentences() {}
}
