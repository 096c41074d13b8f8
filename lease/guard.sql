-- The fence inside PostgreSQL: functions that only fence_keeper's rights carry out, and a guard.
-- In the database in which the agent works, after the roles of rights.py; again at any time.

CREATE TABLE IF NOT EXISTS fence.writer (
    role name NOT NULL,
    database name NOT NULL,
    PRIMARY KEY (role, database)
);

-- One row. Times are milliseconds since 1970, by the clocks of the agents that wrote them.
CREATE TABLE IF NOT EXISTS fence.state (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    epoch bigint NOT NULL,
    open_until bigint NOT NULL
);
INSERT INTO fence.state (epoch, open_until) VALUES (0, 0) ON CONFLICT DO NOTHING;

CREATE OR REPLACE FUNCTION fence.clock() RETURNS bigint
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
RETURN floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint;

-- Writers that may still come in.
CREATE OR REPLACE FUNCTION fence.admitted() RETURNS SETOF fence.writer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT w.role, w.database FROM fence.writer w
    WHERE has_database_privilege(w.role, w.database, 'CONNECT');
END;

-- Whether a guard runs: it holds this lock as long as its session lives.
CREATE OR REPLACE FUNCTION fence.guarded() RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT EXISTS (
        SELECT FROM pg_locks
        WHERE locktype = 'advisory' AND granted AND classid = 1718774371 AND objid = 1
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    );
END;

-- End the writers' sessions. Returns what there was to end, or may yet come in: 0, in a
-- transaction after that of fence.shut, means that nobody writes.
CREATE OR REPLACE FUNCTION fence.sweep() RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    starting bigint;
    ended bigint;
BEGIN
    -- A backend that starts locks its database before it looks at CONNECT and lets go after
    -- pg_stat_activity shows it. So who was let in just before the revocation is in one of the
    -- two, if they are asked in this order.
    SELECT count(*) INTO starting
    FROM pg_locks l
    JOIN pg_database d ON d.oid = l.objid
    WHERE l.locktype = 'object' AND l.classid = 'pg_database'::regclass
        AND l.mode = 'RowExclusiveLock'
        AND d.datname IN (SELECT database FROM fence.writer);
    SELECT count(pg_terminate_backend(pid)) INTO ended
    FROM pg_stat_activity
    WHERE usename IN (SELECT role FROM fence.writer);
    RETURN starting + ended + (SELECT count(*) FROM fence.admitted());
END $$;

-- Close: no epoch below `bars` opens again, and no writer gets a new session.
CREATE OR REPLACE FUNCTION fence.shut(bars bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    one fence.writer;
BEGIN
    -- A writer may hold a lock on its database, for which the revocation would wait.
    PERFORM fence.sweep();
    PERFORM FROM fence.state FOR UPDATE;
    UPDATE fence.state SET epoch = greatest(epoch, bars), open_until = 0
    WHERE epoch < bars OR open_until <> 0;
    FOR one IN SELECT * FROM fence.admitted() LOOP
        EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM %I', one.database, one.role);
    END LOOP;
END $$;

-- Stay open until then, and let no password in after it. Returns the database's clock.
CREATE OR REPLACE FUNCTION fence.extend(lease_epoch bigint, until bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known fence.state;
    now_is bigint;
BEGIN
    SELECT * INTO STRICT known FROM fence.state FOR UPDATE;
    now_is := fence.clock();
    IF lease_epoch < known.epoch THEN
        RAISE EXCEPTION 'epoch % is over: the database has seen %', lease_epoch, known.epoch
            USING ERRCODE = 'FE001';
    ELSIF until <= now_is THEN
        RAISE EXCEPTION 'until % is over: it is %', until, now_is USING ERRCODE = 'FE002';
    END IF;
    UPDATE fence.state SET
        open_until = CASE WHEN lease_epoch = known.epoch
            THEN greatest(known.open_until, until) ELSE until END,
        epoch = lease_epoch
    RETURNING open_until INTO STRICT known.open_until;
    PERFORM fence_passwords.expire(known.open_until);
    RETURN now_is;
END $$;

-- Let the writers in, until the guard finds that the time is over.
CREATE OR REPLACE FUNCTION fence.admit(lease_epoch bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known fence.state;
    one fence.writer;
BEGIN
    SELECT * INTO STRICT known FROM fence.state FOR UPDATE;
    IF lease_epoch <> known.epoch THEN
        RAISE EXCEPTION 'epoch % is not %, which the database has seen', lease_epoch, known.epoch
            USING ERRCODE = 'FE001';
    ELSIF known.open_until <= fence.clock() THEN
        RAISE EXCEPTION 'until % is over', known.open_until USING ERRCODE = 'FE002';
    ELSIF NOT fence.guarded() THEN
        RAISE EXCEPTION 'no guard runs: CALL fence.guard first' USING ERRCODE = 'FE003';
    END IF;
    FOR one IN
        SELECT role, database FROM fence.writer EXCEPT SELECT role, database FROM fence.admitted()
    LOOP
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', one.database, one.role);
    END LOOP;
END $$;

-- One look: close when the time is over. NULL while it is not, else as fence.sweep.
CREATE OR REPLACE FUNCTION fence.watch() RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    until bigint;
BEGIN
    SELECT open_until INTO STRICT until FROM fence.state;
    IF until > fence.clock() THEN
        RETURN NULL;
    ELSIF NOT EXISTS (SELECT FROM fence.admitted()) THEN
        RETURN fence.sweep();
    END IF;
    -- Another agent may renew just now: look again while none can.
    SELECT open_until INTO STRICT until FROM fence.state FOR UPDATE;
    IF until > fence.clock() THEN
        RETURN NULL;
    END IF;
    PERFORM fence.shut(0);
    RETURN 1;  -- who came in before this commits is seen by the next look
END $$;

-- The guard: a session that closes the database in time, also when the agent that started it is
-- dead or cut off. It does not look at its client, and never ends by itself. At most one runs.
CREATE OR REPLACE PROCEDURE fence.guard(every bigint)
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT pg_catalog.pg_try_advisory_lock(1718774371, 1) THEN
        RETURN;
    END IF;
    LOOP
        BEGIN
            PERFORM fence.watch();
        EXCEPTION WHEN OTHERS THEN
            NULL;  -- such as a lock that was not had in time; the next look is soon
        END;
        COMMIT;
        PERFORM pg_catalog.pg_sleep(every / 1000.0);
        COMMIT;
    END LOOP;
END $$;
