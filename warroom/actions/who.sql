SELECT
    current_database()::text AS database,
    current_user::text AS role,
    host(inet_server_addr()) AS address,
    (SELECT system_identifier::text FROM pg_control_system()) AS system_identifier
