package io.groundwork.events;

import io.groundwork.events.ComponentEvent.PendingOperation;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One event of each record, with every optional field set. */
final class Samples {

    static final Instant TIME = Instant.parse("2026-03-04T05:06:07.089Z");
    static final ResourceId RESOURCE = new ResourceId("acme", "payments", "web-prod");
    static final RequestId REQUEST = RequestId.of("acme", "key-1");

    private static final Failure FAILURE = new Failure(
            FailureCategory.CAPACITY, "The region has no such machines left.", "InsufficientInstanceCapacity", true);
    private static final Claim CLAIM =
            new Claim("quota/acme/payments", Map.of("instances", 3L, "vcpus", 6L, "memoryGiB", 24L));
    private static final ApprovalEvent.Choices CHOICES = new ApprovalEvent.Choices("eu-central-1", "standard");
    private static final Component WEB = new Component.CloudVm(
            "web",
            3,
            List.of("db"),
            "m.small",
            "debian-12",
            20,
            List.of("default"),
            List.of(new Component.SecurityGroup("web", List.of(new Component.Ingress("tcp", 443, "0.0.0.0/0")))),
            new Component.SshKey("ops", "ssh-ed25519 AAAA ops"),
            "#cloud-config\n");
    private static final Design.AccessGrant ACCESS = new Design.AccessGrant("payments-devs", "operator");
    private static final Design DESIGN = new Design(List.of(WEB), List.of(ACCESS), Map.of("team", "payments"));
    private static final RequestEvent.Catalogued CATALOGUED = new RequestEvent.Catalogued.Vm(
            new Catalogue.Flavor(2, 8, new BigDecimal("12.00"), "EUR", "t3.small"),
            new Catalogue.Image("debian-12-amd64", "Debian 12"));
    private static final List<RequestEvent.Recipient> RECIPIENTS = List.of(
            new RequestEvent.Recipient("team@acme.example", null, null),
            new RequestEvent.Recipient(null, "http://localhost:9999/hook", null));
    private static final String SEALED_ORIGIN = "https://hooks.example:8443";
    private static final RequestEvent.Recipient SEALED =
            RequestEvent.Recipient.hook(new SealedUrl(SEALED_ORIGIN, "c2VhbGVk"));
    private static final String DELIVERY = "acme/payments/web-prod#webhook/closed/00000000-0000-0001-0000-000000000003";
    private static final RequestEvent.Ask ASK = new RequestEvent.Ask(
            RequestKind.DEPLOY,
            "dev@acme.example",
            List.of("lead@acme.example"),
            1,
            Duration.ofMinutes(2),
            RequestEvent.OnConflict.QUEUE,
            DESIGN,
            "sha256:0000",
            RECIPIENTS,
            TIME);
    private static final ComponentOutputs OUTPUTS = new ComponentOutputs(
            1, List.of(new ComponentOutputs.Instance(0, "i-0123456789abcdef0", "10.0.0.4", "eu-central-1")));

    static final Plan PLAN = new Plan(List.of(
            step(
                    StepKind.APPROVE,
                    "approve",
                    Owner.APPROVAL,
                    List.of(),
                    new StepInput.Approve(
                            "dev@acme.example",
                            RequestKind.DEPLOY,
                            List.of("lead@acme.example"),
                            1,
                            Duration.ofMinutes(2),
                            true,
                            DESIGN,
                            "36.00",
                            "EUR")),
            step(
                    StepKind.ALLOCATE,
                    "allocate",
                    Owner.ALLOCATION,
                    List.of("approve"),
                    new StepInput.Allocate(List.of(CLAIM))),
            step(
                    StepKind.PROVISION,
                    "provision:web",
                    Owner.CLOUD,
                    List.of("allocate"),
                    new StepInput.Provision(WEB, new StepInput.MachineType("t3.small", "debian-12-amd64"))),
            step(StepKind.GRANT, "grant", Owner.IAM, List.of("provision:web"), new StepInput.Grant(List.of(ACCESS))),
            step(StepKind.REVOKE, "revoke", Owner.IAM, List.of("approve"), new StepInput.Revoke()),
            step(
                    StepKind.DEPROVISION,
                    "deprovision:web",
                    Owner.CLOUD,
                    List.of("revoke"),
                    new StepInput.Deprovision("web")),
            step(StepKind.RELEASE, "release", Owner.ALLOCATION, List.of("deprovision:web"), new StepInput.Release())));

    private static final List<Event> EVENTS = List.of(
            new RequestEvent.RequestSubmitted(ASK, Map.of("web", CATALOGUED), null),
            new RequestEvent.RequestQueued(2, RequestId.of("acme", "key-0")),
            new RequestEvent.RequestStarted(PLAN, "sha256:1111", ASK),
            new RequestEvent.CancelRequested("dev@acme.example", "not needed any more"),
            new RequestEvent.RequestAborted("ops@acme.example", "the account is closed"),
            new RequestEvent.StepOverdue("cloud-provisioner", TIME),
            new RequestEvent.InterventionRequested(
                    "cloud-provisioner",
                    FAILURE,
                    List.of(RequestEvent.Intervention.RETRY, RequestEvent.Intervention.ABANDON)),
            new RequestEvent.InterventionDecided(
                    RequestEvent.Intervention.RETRY, "ops@acme.example", "quota was raised"),
            new RequestEvent.RequestClosed(
                    RequestKind.DEPLOY,
                    Outcome.FAILED,
                    FailureCategory.CAPACITY,
                    "The region has no such machines left.",
                    Map.of("web", OUTPUTS),
                    TIME,
                    TIME.plusSeconds(60),
                    RECIPIENTS),
            new ApprovalEvent.ApprovalRequested(List.of("lead@acme.example"), 1, TIME.plusSeconds(120), "sha256:1111"),
            new ApprovalEvent.DecisionRecorded("lead@acme.example", true, "go ahead", CHOICES, "link", TIME),
            new ApprovalEvent.RequestApproved(new Proof(
                    new Proof.Content(
                            RESOURCE,
                            REQUEST,
                            4,
                            new StepId("approve"),
                            "sha256:1111",
                            CHOICES,
                            List.of("lead@acme.example")),
                    "key-2026",
                    "AAAA")),
            new ApprovalEvent.RequestRejected("lead@acme.example", "too expensive"),
            new ApprovalEvent.ApprovalExpired(TIME.plusSeconds(120)),
            new ApprovalEvent.ApprovalWithdrawn("canceled"),
            new ApprovalEvent.ApprovalFailed(FAILURE),
            new AllocationEvent.AllocationStarted(List.of(CLAIM)),
            new AllocationEvent.ResourcesAllocated(List.of(CLAIM)),
            new AllocationEvent.CapacityAwaited("pool/ams1/m1.large", 3, TIME.plusSeconds(1800)),
            new AllocationEvent.AllocationFailed(FAILURE, Map.of("quota/acme/payments", "4 of 4 instances are held")),
            new AllocationEvent.ResourcesReleased(List.of(CLAIM)),
            new ComponentEvent.ComponentStarted("web", 3, CHOICES),
            new ComponentEvent.ComponentProgressed(
                    "web",
                    1,
                    3,
                    "2 of 3 are being made",
                    List.of(new PendingOperation(
                            "acme/payments/web-prod#4/web/1",
                            List.of("web-1"),
                            2,
                            FAILURE,
                            "cloud@host:1",
                            3,
                            TIME,
                            null))),
            new ComponentEvent.ComponentProvisioned("web", OUTPUTS),
            new ComponentEvent.ComponentFailed("web", FAILURE),
            new ComponentEvent.ComponentDeprovisioned("web", 3),
            new IamEvent.AccessStarted(List.of(ACCESS)),
            new IamEvent.AccessProgressed(List.of(new PendingOperation(
                    "acme/payments/web-prod#4/payments-devs/operator",
                    List.of(),
                    2,
                    FAILURE,
                    "iam@host:1",
                    3,
                    TIME,
                    null))),
            new IamEvent.AccessGranted(List.of(ACCESS)),
            new IamEvent.AccessFailed(FAILURE),
            new IamEvent.AccessRevoked(List.of(ACCESS)),
            new NotificationEvent.NotificationSent("mail", "lead@acme.example", "approval", null),
            new NotificationEvent.NotificationDelayed(
                    "webhook",
                    SEALED_ORIGIN,
                    "closed",
                    new ComponentEvent.PendingOperation(
                            DELIVERY,
                            List.of(SEALED_ORIGIN),
                            3,
                            FAILURE,
                            "notification-service@host:7",
                            4,
                            TIME.plusSeconds(2),
                            null)),
            new NotificationEvent.NotificationFailed("webhook", "http://localhost:9999/hook", "closed", FAILURE, null),
            new StepEvent.StepSkipped(),
            new StepEvent.StepUndoing(),
            new StepEvent.StepStuck(FAILURE),
            new StepEvent.StepWaived("ops@acme.example", "made by hand"),
            new StepEvent.StepAbandoned("ops@acme.example", "the account is closed", List.of("i-0123456789abcdef0")),
            new StepEvent.DecisionParked(FAILURE, "dead-letter-1"));

    private static final Component DB = new Component.MetalServer(
            "db",
            3,
            2,
            List.of("web"),
            "ams1",
            "m1.large",
            List.of("srv-5"),
            List.of("gpu"),
            List.of("hdd"),
            Component.FailureDomain.RACK,
            Component.FailureDomain.RACK,
            "debian-12",
            List.of("default"),
            new Component.SshKey("ops", "ssh-ed25519 AAAA ops"),
            "web at ${web.instances[0].privateIp}\n",
            true,
            null);
    private static final Catalogue.OsTemplate OS_TEMPLATE = new Catalogue.OsTemplate(
            Catalogue.Boot.VIRTUAL_MEDIA,
            "http://images/debian-12.iso",
            "http://images/vmlinuz",
            "http://images/initrd",
            "console=ttyS0",
            "#cloud-config\n",
            "version: 2\n",
            false,
            "Debian 12");
    private static final Catalogue.ServerType SERVER_TYPE = new Catalogue.ServerType(
            32, 256, List.of(new Catalogue.Disk(960, "nvme")), 2, List.of("gpu"), new BigDecimal("400.00"), "EUR");
    private static final Claim SERVERS = new Claim(
            "pool/ams1/m1.large",
            Map.of("servers", 3L),
            List.of(new Claim.ServerNeed(
                    "db",
                    3,
                    2,
                    List.of("srv-5"),
                    List.of("gpu"),
                    List.of("hdd"),
                    Component.FailureDomain.RACK,
                    Component.FailureDomain.RACK)),
            List.of());
    private static final Claim ADDRESSES = new Claim(
            "subnet/ams1-default",
            Map.of("addresses", 3L),
            List.of(),
            List.of(new Claim.Share("db", "default", 3, Map.of("addresses", 1L))));
    private static final Design METAL_DESIGN = new Design(List.of(DB), List.of(), Map.of());
    private static final RequestEvent.Ask METAL_ASK = new RequestEvent.Ask(
            RequestKind.DEPLOY,
            "dev@acme.example",
            List.of("lead@acme.example"),
            1,
            Duration.ofMinutes(2),
            RequestEvent.OnConflict.QUEUE,
            METAL_DESIGN,
            "sha256:0000",
            List.of(),
            TIME,
            Duration.ofMinutes(30));

    private static final Map<String, Event> OTHERS = Map.of(
            "servers-submitted",
            new RequestEvent.RequestSubmitted(
                    METAL_ASK,
                    Map.of(
                            "db",
                            new RequestEvent.Catalogued.Server(
                                    SERVER_TYPE, OS_TEMPLATE, Map.of("default", "ams1-default"), null)),
                    null),
            "servers-started",
            new RequestEvent.RequestStarted(
                    new Plan(List.of(
                            step(
                                    StepKind.ALLOCATE,
                                    "allocate",
                                    Owner.ALLOCATION,
                                    List.of(),
                                    new StepInput.Allocate(List.of(SERVERS, ADDRESSES), Duration.ofMinutes(30))),
                            step(
                                    StepKind.PROVISION,
                                    "provision:db",
                                    Owner.BAREMETAL,
                                    List.of("allocate"),
                                    new StepInput.Provision(DB, new StepInput.Installation(OS_TEMPLATE))))),
                    "sha256:1111",
                    METAL_ASK),
            "servers-allocated",
            new AllocationEvent.ResourcesAllocated(
                    List.of(SERVERS, ADDRESSES),
                    List.of(
                            new Grant(
                                    "pool/ams1/m1.large",
                                    17,
                                    List.of(new Grant.AllocatedServer("db", 0, "srv-6", 12, "r2", "srv-5: busy")),
                                    List.of(),
                                    List.of(new Grant.Unmet("db", "preferredServers", "srv-5", "busy"))),
                            new Grant(
                                    "subnet/ams1-default",
                                    4,
                                    List.of(),
                                    List.of(new Grant.AllocatedAddress(
                                            "db",
                                            0,
                                            "default",
                                            "ams1-default",
                                            "10.20.0.11",
                                            24,
                                            "10.20.0.1",
                                            List.of("10.20.0.2"),
                                            null)),
                                    List.of()))),
            "servers-allocated-with-names",
            new AllocationEvent.ResourcesAllocated(
                    List.of(ADDRESSES),
                    List.of(new Grant(
                            "subnet/ams1-default",
                            4,
                            List.of(),
                            List.of(new Grant.AllocatedAddress(
                                    "db",
                                    0,
                                    "default",
                                    "ams1-default",
                                    "10.20.0.11",
                                    24,
                                    "10.20.0.1",
                                    List.of("10.20.0.2"),
                                    "ip-10-20-0-11.ams1.example")),
                            List.of()))),
            "servers-failed",
            new AllocationEvent.AllocationFailed(
                    FAILURE,
                    Map.of("pool/ams1/m1.large", "1 of 2 servers could be had"),
                    List.of(new Candidates(
                            "pool/ams1/m1.large",
                            "db",
                            2,
                            1,
                            Map.of("busy", 4L, "required-trait", 2L),
                            new Candidates.Closest("srv-9", List.of("busy"))))),
            "checks-submitted",
            new RequestEvent.RequestSubmitted(
                    ASK,
                    Map.of("web", CATALOGUED),
                    List.of(
                            new RequestEvent.Check("quota", true, "The project's quota is large enough.", 0.125),
                            new RequestEvent.Check("credentials", false, "No account can be used.", 1.5))),
            "hook-submitted",
            new RequestEvent.RequestSubmitted(
                    new RequestEvent.Ask(
                            RequestKind.DECOMMISSION,
                            "dev@acme.example",
                            List.of("lead@acme.example"),
                            1,
                            Duration.ofMinutes(2),
                            RequestEvent.OnConflict.QUEUE,
                            new Design(List.of(), List.of(), Map.of()),
                            "sha256:0000",
                            List.of(SEALED),
                            TIME),
                    Map.of(),
                    null),
            "hook-closed",
            new RequestEvent.RequestClosed(
                    RequestKind.DECOMMISSION,
                    Outcome.COMPLETED,
                    null,
                    null,
                    Map.of(),
                    TIME,
                    TIME.plusSeconds(60),
                    List.of(SEALED)),
            "hook-sent",
            new NotificationEvent.NotificationSent("webhook", SEALED_ORIGIN, "closed", DELIVERY),
            "hook-failed",
            new NotificationEvent.NotificationFailed("webhook", SEALED_ORIGIN, "closed", FAILURE, DELIVERY));

    private static final Replacement REPLACEMENT = new Replacement("db", 1, "its fans are failing", List.of("srv-7"));
    private static final RequestEvent.Ask REPLACE = new RequestEvent.Ask(
            RequestKind.REPLACE,
            "dev@acme.example",
            List.of("lead@acme.example"),
            1,
            Duration.ofMinutes(2),
            RequestEvent.OnConflict.QUEUE,
            Design.EMPTY,
            "sha256:0000",
            List.of(),
            TIME,
            null,
            REPLACEMENT);
    private static final Claim ONE_SERVER = new Claim(
            "pool/ams1/m1.large",
            Map.of("servers", 1L),
            List.of(new Claim.ServerNeed(
                    "db", 1, 1, List.of("srv-7"), List.of("gpu"), List.of(), null, Component.FailureDomain.RACK, 1)),
            List.of());
    private static final Grant RETURNED = new Grant(
            "pool/ams1/m1.large",
            17,
            List.of(new Grant.AllocatedServer("db", 1, "srv-6", 12, "r2", null)),
            List.of(),
            List.of());

    /** Forms that requests have which give an instance another server. */
    private static final Map<String, Event> REPLACING = Map.of(
            "replace-submitted",
            new RequestEvent.RequestSubmitted(REPLACE, Map.of(), null),
            "replace-started",
            new RequestEvent.RequestStarted(
                    new Plan(List.of(
                            step(
                                    StepKind.APPROVE,
                                    "approve",
                                    Owner.APPROVAL,
                                    List.of(),
                                    new StepInput.Approve(
                                            "dev@acme.example",
                                            RequestKind.REPLACE,
                                            List.of("lead@acme.example"),
                                            1,
                                            Duration.ofMinutes(2),
                                            false,
                                            METAL_DESIGN,
                                            "400.00",
                                            "EUR",
                                            REPLACEMENT)),
                            step(
                                    StepKind.ALLOCATE,
                                    "allocate",
                                    Owner.ALLOCATION,
                                    List.of("approve"),
                                    new StepInput.Allocate(List.of(ONE_SERVER))),
                            step(
                                    StepKind.DEPROVISION,
                                    "deprovision:db",
                                    Owner.BAREMETAL,
                                    List.of("allocate"),
                                    new StepInput.Deprovision("db", 1)),
                            step(
                                    StepKind.PROVISION,
                                    "provision:db",
                                    Owner.BAREMETAL,
                                    List.of("deprovision:db"),
                                    new StepInput.Provision(DB, new StepInput.Installation(OS_TEMPLATE), 1)),
                            step(
                                    StepKind.RELEASE,
                                    "release",
                                    Owner.ALLOCATION,
                                    List.of("allocate", "deprovision:db"),
                                    new StepInput.Release(new StepInput.Replaced("db", 1))))),
                    "sha256:1111",
                    REPLACE),
            "replace-returning",
            new AllocationEvent.AllocationStarted(List.of(), List.of(RETURNED)),
            "replace-released",
            new AllocationEvent.ResourcesReleased(
                    List.of(new Claim("pool/ams1/m1.large", Map.of("servers", 1L))), List.of(RETURNED)),
            "replace-component-started",
            new ComponentEvent.ComponentStarted("db", 1, null, 1),
            "replace-component-deprovisioned",
            new ComponentEvent.ComponentDeprovisioned("db", 1, 1));

    /** Forms of an event that its first sample does not show, by the name of their golden file. */
    static final Map<String, Event> FURTHER = Stream.of(OTHERS, REPLACING)
            .flatMap(forms -> forms.entrySet().stream())
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));

    /** What stands on other topics than those of events. */
    static final Map<String, Object> VALUES = Map.of(
            "account-fact",
            new AccountFact("isolated", "us-east-1", false, "The cloud does not permit this.", TIME),
            "server-fact",
            new ServerFact(
                    "srv-5",
                    "ams1",
                    "m1.large",
                    "acme",
                    "r1",
                    List.of("gpu"),
                    "active",
                    false,
                    "busy",
                    12,
                    17,
                    new ServerFact.Consumer(RESOURCE, "db", 0, 17)),
            "reservation",
            new Reservation("srv-5", 17, new Reservation.Holder(RESOURCE, 4, "db", 0), Reservation.Kind.RESERVED),
            "metal-server-with-shutdown",
            new Component.MetalServer(
                    "db",
                    1,
                    null,
                    List.of(),
                    "ams1",
                    "m1.large",
                    List.of(),
                    List.of(),
                    List.of(),
                    null,
                    null,
                    "debian-12",
                    List.of(),
                    null,
                    null,
                    false,
                    new Component.Shutdown(Duration.ofMinutes(5), false)),
            "server-type",
            SERVER_TYPE,
            "os-template",
            OS_TEMPLATE,
            "site",
            new Catalogue.Site("Amsterdam"),
            "site-with-dhcp",
            new Catalogue.Site("Frankfurt", Catalogue.Ipam.DHCP),
            "subnet",
            new Catalogue.Subnet(
                    "default",
                    "ams1",
                    "10.20.0.0/24",
                    "10.20.0.1",
                    List.of("10.20.0.2-10.20.0.9"),
                    List.of("10.20.0.2"),
                    Duration.ofMinutes(5),
                    null),
            "subnet-with-domain",
            new Catalogue.Subnet(
                    "default",
                    "ams1",
                    "10.20.0.0/24",
                    "10.20.0.1",
                    List.of("10.20.0.2-10.20.0.9"),
                    List.of("10.20.0.2"),
                    Duration.ofMinutes(5),
                    "ams1.example"));

    /** The sample of a record; empty if there is none yet. */
    static Optional<Event> of(Class<? extends Event> type) {
        return EVENTS.stream().filter(type::isInstance).findFirst();
    }

    /** {@code event} as {@code owner} would say it. */
    static Envelope<?> envelope(Owner owner, Event event) {
        var type = EventTypes.type(owner, event.getClass());
        var step = new StepId("provision:web");
        return new Envelope<>(
                new Fact(
                        owner,
                        type,
                        EventId.of(REQUEST, type, step, 2, 7),
                        RESOURCE,
                        REQUEST,
                        4,
                        step,
                        2,
                        StepStatus.RUNNING,
                        new UUID(1, 2).toString(),
                        TIME,
                        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
                event);
    }

    private static Step step(StepKind kind, String id, Owner owner, List<String> needs, StepInput input) {
        return new Step(
                new StepId(id),
                kind,
                owner,
                needs.stream().map(StepId::new).toList(),
                Step.Undo.OWNER,
                Step.OnFailure.COMPENSATE,
                Duration.ofMinutes(5),
                input);
    }

    private Samples() {}
}
