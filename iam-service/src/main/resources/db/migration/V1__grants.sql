create table grants (
    operation  text        primary key,
    resource   text        not null,
    group_name text        not null,
    role       text        not null,
    fence      bigint      not null,
    stands     boolean     not null,
    changed_at timestamptz not null
);
create index grants_by_resource on grants (resource) where stands;
create index grants_gone on grants (changed_at) where not stands;
