package io.groundwork.approval.domain;

import io.groundwork.events.ApprovalEvent.Choices;
import io.groundwork.events.ApprovalEvent.DecisionRecorded;
import io.groundwork.events.Component;
import io.groundwork.events.RequestKind;
import io.groundwork.events.StepInput;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How things are said to approvers, the same in mails, on pages and in answers. */
public final class Wording {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "d MMMM uuuu, HH:mm:ss 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    public static String time(Instant at) {
        return TIME.format(at);
    }

    /** Who decided what, when. */
    public static String decision(DecisionRecorded decision) {
        return (decision.approved() ? "approved" : "rejected") + " by " + decision.approver() + " at "
                + time(decision.at());
    }

    public static String choices(@Nullable Choices choices) {
        return choices == null ? "no placement" : "region " + choices.region() + " and profile " + choices.profile();
    }

    /** What is asked for, one component a line. */
    public static String components(StepInput.Approve input) {
        if (input.operation() == RequestKind.DECOMMISSION) {
            return "everything that stands is taken down";
        }
        var replace = input.replace();
        if (replace != null) {
            return "the server behind " + replace.name() + " is replaced by another, what is on its disks is lost"
                    + (replace.reason() == null ? "" : "; because " + replace.reason());
        }
        var components = input.design().components();
        return components.isEmpty()
                ? "no machines"
                : components.stream().map(Wording::component).collect(Collectors.joining("\n"));
    }

    private static String component(Component component) {
        return switch (component) {
            case Component.CloudVm vm -> "%s: %d × %s, %s".formatted(vm.name(), vm.count(), vm.flavor(), vm.image());
            case Component.MetalServer server -> servers(server);
        };
    }

    private static String servers(Component.MetalServer server) {
        var count = server.enough() == server.count()
                ? String.valueOf(server.count())
                : server.enough() + " to " + server.count();
        return "%s: %s × %s at %s, %s%s"
                .formatted(
                        server.name(),
                        count,
                        server.serverType(),
                        server.site(),
                        server.osTemplate(),
                        server.allowDataLoss() ? ", may wipe disks that hold data" : "");
    }

    /** Who gets access, one group a line; empty if nobody. */
    public static String access(StepInput.Approve input) {
        return input.design().access().stream()
                .map(grant -> grant.group() + " as " + grant.role())
                .collect(Collectors.joining("\n"));
    }

    public static String price(StepInput.Approve input) {
        return input.monthlyPrice() + " " + input.currency() + " a month";
    }

    private Wording() {}
}
