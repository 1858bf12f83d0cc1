-- A uniformly random free second of a sender inside [p_from, p_to), at least p_spacing from its other touches, or null
-- (TIME-6). The caller holds the sender's lock. A second drawn at random is nearly always free; where it is crowded, the
-- gaps are looked for.
CREATE FUNCTION free_moment(p_sender uuid, p_from timestamptz, p_to timestamptz, p_spacing interval)
RETURNS timestamptz LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_seconds int := extract(epoch FROM p_to - p_from);
  v_at timestamptz;
BEGIN
  -- What is left of a window that is about to close may hold no whole second.
  IF v_seconds <= 0 THEN RETURN NULL; END IF;
  FOR attempt IN 1..4 LOOP
    v_at := p_from + make_interval(secs => floor(random() * v_seconds));
    IF NOT EXISTS (
      SELECT 1 FROM touch t WHERE t.sender_id = p_sender
        AND coalesce(t.claimed_at, t.slot_at) > v_at - p_spacing AND coalesce(t.claimed_at, t.slot_at) < v_at + p_spacing
    ) THEN
      RETURN v_at;
    END IF;
  END LOOP;
  RETURN moment_in_gaps(p_sender, p_from, p_to, p_spacing);
END
$$;
