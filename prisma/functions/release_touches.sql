-- Gives back what these touches hold, booked or consumed (LIM-6), and takes their slots. What was done for good
-- (is_spent) stays counted. Their status is the caller's.
CREATE FUNCTION release_touches(p_touches uuid[]) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  PERFORM 1 FROM touch WHERE id = ANY (p_touches) ORDER BY id FOR NO KEY UPDATE;
  PERFORM 1 FROM capacity_counter c
  WHERE (c.counter, c.resource_id, c.period, c.starts_on) IN (
    SELECT h.counter, h.resource_id, h.period, h.starts_on FROM capacity_hold h WHERE h.touch_id = ANY (p_touches) AND NOT h.is_spent)
  ORDER BY c.starts_on, c.counter, c.resource_id, c.period FOR NO KEY UPDATE;
  WITH given_back AS (
    DELETE FROM capacity_hold WHERE touch_id = ANY (p_touches) AND NOT is_spent RETURNING counter, resource_id, period, starts_on, state
  ), sums AS (
    SELECT counter, resource_id, period, starts_on, count(*) FILTER (WHERE state = 'booked') AS booked,
           count(*) FILTER (WHERE state = 'consumed') AS consumed
    FROM given_back GROUP BY counter, resource_id, period, starts_on
  )
  UPDATE capacity_counter c SET booked = c.booked - s.booked, consumed = c.consumed - s.consumed
  FROM sums s
  WHERE c.counter = s.counter AND c.resource_id = s.resource_id AND c.period = s.period AND c.starts_on = s.starts_on;
  UPDATE touch SET slot_at = NULL WHERE id = ANY (p_touches);
END
$$;
