create table approval.approvals (
    request_id uuid primary key,
    resource   text   not null,
    sequence   bigint not null default 0,
    state      text,
    ask        jsonb,
    plan       jsonb,
    approvers  jsonb,
    quorum     integer,
    deadline   timestamptz,
    digest     text,
    decisions  jsonb,
    note       text,
    ended_at   timestamptz
);

create index approvals_by_resource on approval.approvals (resource, sequence);
