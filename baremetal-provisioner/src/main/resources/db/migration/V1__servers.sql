create table servers (
    id             text   primary key,
    site           text   not null,
    server_type    text   not null,
    rack           text   not null,
    state          text   not null,
    flags          text   not null,
    unavailability text,
    consumer       text,
    entry          text   not null,
    last_offset    bigint not null
);

create index servers_site on servers (site, server_type, state);
create index servers_consumer on servers (consumer);

-- What servers boot: no view of anything, and needed only while they do.
create table boots (
    server text primary key,
    macs   text not null,
    boot   text not null
);
