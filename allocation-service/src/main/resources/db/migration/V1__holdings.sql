create table holdings (
    resource    text   primary key,
    claims      jsonb  not null,
    last_offset bigint not null
);
