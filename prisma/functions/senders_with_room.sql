-- The senders that have room on one day, and how much: the smallest remainder of their limits decides (LIM-1); in_all tells
-- apart the mailboxes of one domain (LIM-5).
-- p_senders: [{id, limits}]
CREATE FUNCTION senders_with_room(p_senders jsonb, p_day date)
RETURNS TABLE (sender_id uuid, room bigint, in_all numeric) LANGUAGE sql STABLE AS $$
  SELECT (s ->> 'id')::uuid, min(left_over.n), sum(left_over.n)
  FROM jsonb_array_elements(p_senders) AS s
  CROSS JOIN LATERAL jsonb_array_elements(s -> 'limits') AS l
  CROSS JOIN LATERAL (
    SELECT maximum_on(l -> 'stages', p_day)
      - used_on(l ->> 'counter', (l ->> 'resourceId')::uuid, l ->> 'period', p_day) AS n
  ) AS left_over
  WHERE l ->> 'period' <> 'now'
  GROUP BY s ->> 'id'
  HAVING min(left_over.n) > 0
$$;
