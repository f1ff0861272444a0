-- Everything here but the idempotency keys is a view: dropped, it is made anew by replay.

create table request (
    id          uuid        primary key,
    resource    text        not null,
    tenant      text        not null,
    -- null until the submission was read, which another topic may precede
    created_at  timestamptz,
    operation   text,
    state       text        not null,
    category    text,
    requester   text,
    sequence    bigint      not null,
    version     bigint      not null,
    closed_at   timestamptz,
    words       text        not null,
    document    text        not null
);
create index request_newest on request (tenant, created_at desc, id desc);
create index request_of_resource on request (resource, sequence desc);

create table timeline (
    position    bigint      generated always as identity primary key,
    event       uuid        not null unique,
    request     uuid        not null,
    at          timestamptz not null,
    -- where it stood: owner and offset order what happened within one millisecond
    owner       text        not null,
    place       bigint      not null,
    type        text        not null,
    step        text,
    attempt     int         not null,
    actor       text        not null,
    causation   text,
    closes      boolean     not null,
    summary     text        not null
);
create index timeline_of_request on timeline (request, position);

-- A guard, not a promise: the same key with another body is refused, with the same body it goes on to the broker again.
create table idempotency (
    tenant      text        not null,
    key         text        not null,
    request     uuid        not null unique,
    resource    text        not null,
    body_hash   text        not null,
    created_at  timestamptz not null,
    primary key (tenant, key)
);
