-- PostgreSQL 11 and newer. Every batch is a transaction of its own; the sleep is the wait for
-- the supplier's feed.
DO $$
BEGIN
    LOOP
        LOCK TABLE products IN ACCESS EXCLUSIVE MODE;
        PERFORM pg_sleep(0.8);
        COMMIT;
    END LOOP;
END
$$
