-- The positions of the days on which some sender has room, in the order of p_days, as far as a look without locks can tell.
-- One range scan a limit, so that sixty full days cost hardly more than one. A limit that is used up closes days: a day's
-- its day, a month's all its days, one of seven days every day that would complete a full week.
CREATE FUNCTION open_days(p_senders jsonb, p_days date[]) RETURNS int[] LANGUAGE sql STABLE AS $$
  WITH offered AS (
    SELECT d.day, d.position::int FROM unnest(p_days) WITH ORDINALITY AS d(day, position)
  ), span AS (
    SELECT min(day) AS first, max(day) AS last FROM offered
  ), stages AS (
    SELECT s ->> 'id' AS sender_id, l ->> 'counter' AS counter, (l ->> 'resourceId')::uuid AS resource_id,
      l ->> 'period' AS period, (g.value ->> 'maximum')::int AS maximum,
      coalesce((g.value ->> 'from')::date, '-infinity'::date) AS from_day,
      coalesce((l -> 'stages' -> g.ordinality::int ->> 'from')::date, 'infinity'::date) AS until_day
    FROM jsonb_array_elements(p_senders) AS s
    CROSS JOIN LATERAL jsonb_array_elements(s -> 'limits') AS l
    CROSS JOIN LATERAL jsonb_array_elements(l -> 'stages') WITH ORDINALITY AS g
    WHERE l ->> 'period' <> 'now'
  ), weeks AS (
    SELECT g.sender_id, g.maximum, c.starts_on AS day,
      sum(c.booked + c.consumed) OVER (PARTITION BY g.sender_id, c.counter, c.resource_id ORDER BY c.starts_on
        RANGE BETWEEN CURRENT ROW AND interval '6 days' FOLLOWING) AS from_here,
      sum(c.booked + c.consumed) OVER (PARTITION BY g.sender_id, c.counter, c.resource_id ORDER BY c.starts_on
        RANGE BETWEEN interval '6 days' PRECEDING AND CURRENT ROW) AS up_to_here
    FROM stages g JOIN capacity_counter c ON c.counter = g.counter AND c.resource_id = g.resource_id AND c.period = 'day'
    CROSS JOIN span
    WHERE g.period = 'sevenDays' AND c.starts_on BETWEEN span.first - 6 AND span.last + 6
  ), closed AS (
    SELECT g.sender_id, c.starts_on AS first, c.starts_on AS last
    FROM stages g CROSS JOIN span
    JOIN capacity_counter c ON c.counter = g.counter AND c.resource_id = g.resource_id AND c.period = 'day'
      AND c.starts_on BETWEEN span.first AND span.last
    WHERE g.period = 'day' AND c.starts_on >= g.from_day AND c.starts_on < g.until_day
      AND c.booked + c.consumed >= g.maximum
    UNION ALL
    SELECT g.sender_id, c.starts_on, (c.starts_on + interval '1 month')::date - 1
    FROM stages g CROSS JOIN span
    JOIN capacity_counter c ON c.counter = g.counter AND c.resource_id = g.resource_id AND c.period = 'month'
      AND c.starts_on BETWEEN span.first - 31 AND span.last
    WHERE g.period = 'month' AND c.starts_on >= date_trunc('month', greatest(g.from_day, span.first))
      AND c.starts_on < g.until_day AND c.booked + c.consumed >= g.maximum
    UNION ALL SELECT w.sender_id, w.day, w.day + 6 FROM weeks w WHERE w.from_here >= w.maximum
    UNION ALL SELECT w.sender_id, w.day - 6, w.day FROM weeks w WHERE w.up_to_here >= w.maximum
    UNION ALL SELECT g.sender_id, g.from_day, g.until_day - 1 FROM stages g WHERE g.maximum <= 0
  ), closed_days AS (
    SELECT DISTINCT c.sender_id, o.day FROM closed c JOIN offered o ON o.day BETWEEN c.first AND c.last
  )
  SELECT coalesce(array_agg(o.position ORDER BY o.position), '{}') FROM offered o
  WHERE (SELECT count(*) FROM closed_days c WHERE c.day = o.day) < jsonb_array_length(p_senders)
$$;
