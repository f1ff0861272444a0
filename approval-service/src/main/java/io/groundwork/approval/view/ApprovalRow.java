package io.groundwork.approval.view;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.ColumnTransformer;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** One request and what its approvers said. What its events have not said yet is null. Its plan is not written again with each decision. */
@Entity
@DynamicUpdate
@Table(name = "approvals", schema = "approval")
public class ApprovalRow extends PanacheEntityBase {

    @Id
    @Column(name = "request_id")
    @Nullable
    public UUID requestId;

    @Nullable
    public String resource;

    public long sequence;

    /** An {@link io.groundwork.approval.domain.Answer.State}. */
    @Nullable
    public String state;

    @ColumnTransformer(write = "?::jsonb")
    @Nullable
    public String ask;

    @ColumnTransformer(write = "?::jsonb")
    @Nullable
    public String plan;

    @ColumnTransformer(write = "?::jsonb")
    @Nullable
    public String approvers;

    @Nullable
    public Integer quorum;

    @Nullable
    public Instant deadline;

    @Nullable
    public String digest;

    @ColumnTransformer(write = "?::jsonb")
    @Nullable
    public String decisions;

    /** Why it was withdrawn or could not be put. */
    @Nullable
    public String note;

    @Column(name = "ended_at")
    @Nullable
    public Instant endedAt;
}
