-- The end of the writers' passwords, which a server knows as soon as it answers: one that was
-- killed and comes back after the lease lets no writer in, with no guard and no agent there.
-- In a schema and by a role of its own, which is the only one that may change roles.

-- The writers' passwords let in until then, by the database's clock, in milliseconds since 1970.
CREATE OR REPLACE FUNCTION fence_passwords.expire(until bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    -- Written out, since what a timestamp looks like is a setting of the session.
    moment text := to_char(to_timestamp(until / 1000.0) AT TIME ZONE 'UTC',
        'YYYY-MM-DD HH24:MI:SS.MS') || '+00';
    one name;
BEGIN
    FOR one IN SELECT DISTINCT role FROM fence.writer ORDER BY role LOOP
        EXECUTE format('ALTER ROLE %I VALID UNTIL %L', one, moment);
    END LOOP;
END $$;
