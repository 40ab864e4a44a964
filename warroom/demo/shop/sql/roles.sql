-- What the roles that watch and operate need, and the name by which the database proves where
-- it is. An operator may end what others run (pg_cancel_backend, pg_terminate_backend), though
-- nothing of a superuser's.
GRANT pg_monitor TO monitor, operator;
GRANT pg_signal_backend TO operator;
ALTER DATABASE shop SET shop.environment = 'demo';
