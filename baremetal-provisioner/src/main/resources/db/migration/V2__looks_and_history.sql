-- When the power of a server is looked at next, of those that are: no view of anything, and found again where it is lost.
create table looks (
    server text        primary key,
    due    timestamptz not null
);

-- What has changed of servers. It is not to be had from the topics, which keep only how servers are now.
create table history (
    id      text        primary key,
    server  text        not null,
    at      timestamptz not null,
    number  bigint      not null,
    changes text        not null
);

create index history_server on history (server, number);
create index history_at on history (at);
