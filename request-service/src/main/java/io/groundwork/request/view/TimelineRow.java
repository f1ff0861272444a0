package io.groundwork.request.view;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One event of a request, in the order in which this view read them. */
@Entity
@Table(name = "timeline")
public class TimelineRow extends PanacheEntityBase {

    /** Rises with every event of a request; another after a rebuild. */
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    public long position;

    public UUID event;

    public UUID request;

    public Instant at;

    /** The owner's word. */
    public String owner = "";

    /** The event's offset. */
    public long place;

    public String type;

    public @Nullable String step;

    /** 0 without step. */
    public int attempt;

    public String actor;

    public @Nullable String causation;

    /** Whether this is the request's end. */
    public boolean closes;

    public String summary;

    /** For Hibernate. */
    protected TimelineRow() {
        this(new UUID(0, 0), new UUID(0, 0), Instant.EPOCH, "", "", "");
    }

    TimelineRow(UUID event, UUID request, Instant at, String type, String actor, String summary) {
        this.event = event;
        this.request = request;
        this.at = at;
        this.type = type;
        this.actor = actor;
        this.summary = summary;
    }
}
