-- The senders that have room on one day, and how much: the smallest remainder of their limits decides (LIM-1); in_all tells
-- apart the mailboxes of one domain (LIM-5). Locks the day's counters in the canonical order. A counter without a row has
-- seen no booking, and cannot be locked: is_new says that there is one.
CREATE FUNCTION senders_with_room(p_limits sender_limit[], p_day date)
RETURNS TABLE (sender_id uuid, room bigint, in_all numeric, is_new boolean) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RETURN QUERY
  SELECT g.sender_id, min(g.maximum - used.n), sum(g.maximum - used.n), bool_or(c.counter IS NULL)
  FROM unnest(p_limits) AS g
  LEFT JOIN (
    SELECT x.counter, x.resource_id, x.period, x.booked + x.consumed AS n FROM capacity_counter x
    WHERE (x.counter, x.resource_id, x.period, x.starts_on) IN (
      SELECT w.counter, w.resource_id, counter_period(w.period), counter_start(w.period, p_day)
      FROM unnest(p_limits) AS w)
    ORDER BY x.starts_on, x.counter, x.resource_id, x.period FOR NO KEY UPDATE
  ) AS c ON c.counter = g.counter AND c.resource_id = g.resource_id
    AND c.period = counter_period(g.period)
  CROSS JOIN LATERAL (
    SELECT CASE g.period WHEN 'sevenDays' THEN week_around(g.counter, g.resource_id, p_day) ELSE coalesce(c.n, 0) END AS n
  ) AS used
  WHERE g.period <> 'now' AND p_day >= g.from_day AND p_day < g.until_day
  GROUP BY g.sender_id
  HAVING min(g.maximum - used.n) > 0;
END
$$;
