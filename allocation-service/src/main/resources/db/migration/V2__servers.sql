alter table holdings add column grants jsonb not null default '[]';

create table findings (
    id      text        primary key,
    at      timestamptz not null,
    finding jsonb       not null
);
create index findings_at on findings (at);
