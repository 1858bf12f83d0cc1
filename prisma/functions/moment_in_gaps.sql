-- A uniformly random free second of a sender inside [p_from, p_to), found by the gaps between its other touches, or null
-- (TIME-6). The caller holds the sender's lock.
CREATE FUNCTION moment_in_gaps(p_sender uuid, p_from timestamptz, p_to timestamptz, p_spacing interval)
RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
  WITH moments AS (
    SELECT coalesce(t.claimed_at, t.slot_at) AS at FROM touch t
    WHERE t.sender_id = p_sender
      AND coalesce(t.claimed_at, t.slot_at) > p_from - p_spacing
      AND coalesce(t.claimed_at, t.slot_at) < p_to + p_spacing
  ), edges AS (
    SELECT at FROM moments
    UNION ALL SELECT p_from - p_spacing
    UNION ALL SELECT p_to + p_spacing
  ), gaps AS (
    SELECT ceil(extract(epoch FROM greatest(at + p_spacing, p_from))) AS first,
           ceil(extract(epoch FROM least(lead(at) OVER (ORDER BY at) - p_spacing, p_to))) AS past
    FROM edges
  ), free AS (
    SELECT first, past - first AS seconds, sum(past - first) OVER (ORDER BY first) AS up_to FROM gaps WHERE past > first
  ), pick AS (
    SELECT floor(random() * (SELECT max(up_to) FROM free)) AS nth
  )
  SELECT to_timestamp((first + nth - (up_to - seconds))::double precision) FROM free, pick WHERE nth < up_to
  ORDER BY up_to LIMIT 1
$$;
