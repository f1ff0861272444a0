-- Whether the server has asked for what it is to boot. What is offered already was, as far as anybody can tell.
alter table boots add column fetched boolean not null default true;
