package io.groundwork.request.view;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.groundwork.events.Json;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A request as lists find it, with its {@link RequestView} as a document. */
@Entity
@Table(name = "request")
public class RequestRow extends PanacheEntityBase {

    @Id
    public UUID id;

    public String resource;

    public String tenant;

    /** When it was accepted; absent until its submission was read, and as long it is shown to nobody. */
    @Column(name = "created_at")
    public @Nullable Instant createdAt;

    public @Nullable String operation;

    @Enumerated(EnumType.STRING)
    public RequestState state;

    public @Nullable String category;

    public @Nullable String requester;

    /** 0 if it never started. */
    public long sequence;

    public long version;

    @Column(name = "closed_at")
    public @Nullable Instant closedAt;

    /** What a search looks into. */
    public String words;

    public String document;

    /** For Hibernate. */
    protected RequestRow() {
        this(new UUID(0, 0), "", "");
    }

    RequestRow(UUID id, String resource, String tenant) {
        this.id = id;
        this.resource = resource;
        this.tenant = tenant;
        this.state = RequestState.SUBMITTED;
        this.words = "";
        this.document = "";
    }

    public RequestView view() {
        return Json.read(document.getBytes(UTF_8), RequestView.class);
    }

    void show(RequestView view) {
        var ask = view.ask();
        var closed = view.closed();
        var active = view.saga().active();
        var error = view.error();
        state = view.state();
        version = view.version();
        sequence = active == null ? 0 : active.sequence();
        category = error.map(RequestView.Trouble::category).map(Enum::name).orElse(null);
        closedAt = closed == null ? null : closed.closedAt();
        if (ask != null) {
            createdAt = ask.acceptedAt();
            operation = ask.operation().word();
            requester = ask.requester();
            words = String.join(
                            " ",
                            view.id().toString(),
                            resource,
                            ask.requester(),
                            String.join(" ", ask.design().labels().values()),
                            error.map(RequestView.Trouble::message).orElse(""))
                    .toLowerCase(Locale.ROOT);
        }
        document = new String(Json.write(view), UTF_8);
    }
}
