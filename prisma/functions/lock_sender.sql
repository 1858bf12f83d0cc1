-- A sender's moments are spread over many rows, so its schedule is locked as a whole, until the transaction ends.
CREATE FUNCTION lock_sender(p_sender uuid) RETURNS void LANGUAGE sql AS $$
  SELECT pg_advisory_xact_lock(hashtextextended('sender:' || p_sender, 0))
$$;
