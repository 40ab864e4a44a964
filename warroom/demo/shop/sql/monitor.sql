-- What the role that watches needs, and the name by which the database proves where it is.
GRANT pg_monitor TO monitor;
ALTER DATABASE shop SET shop.environment = 'demo';
