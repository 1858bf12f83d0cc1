-- The positions of the days on which some sender has room, in the order of p_days, as far as a look without locks can tell.
-- One range scan a limit, so that sixty full days cost hardly more than one. A limit that is used up closes days: a day's
-- its day, a month's all its days, one of seven days every day that would complete a full week.
CREATE FUNCTION open_days(p_limits sender_limit[], p_days date[]) RETURNS int[] LANGUAGE sql STABLE AS $$
  WITH wanted AS MATERIALIZED (
    SELECT g.* FROM unnest(p_limits) AS g WHERE g.period <> 'now'
  ), used AS MATERIALIZED (
    SELECT c.counter, c.resource_id, c.period, c.starts_on, c.booked + c.consumed AS n
    FROM (SELECT DISTINCT counter, resource_id FROM wanted) AS w
    JOIN capacity_counter c ON c.counter = w.counter AND c.resource_id = w.resource_id
      AND c.starts_on BETWEEN p_days[1] - 31 AND p_days[cardinality(p_days)] + 6
  ), weeks AS (
    SELECT u.counter, u.resource_id, u.starts_on,
      sum(n) OVER (PARTITION BY counter, resource_id ORDER BY starts_on
        RANGE BETWEEN CURRENT ROW AND interval '6 days' FOLLOWING) AS from_here,
      sum(n) OVER (PARTITION BY counter, resource_id ORDER BY starts_on
        RANGE BETWEEN interval '6 days' PRECEDING AND CURRENT ROW) AS up_to_here
    FROM used u
    WHERE u.period = 'day' AND (u.counter, u.resource_id) IN (
      SELECT counter, resource_id FROM wanted WHERE period = 'sevenDays')
  ), stretches AS (
    SELECT g.sender_id, u.starts_on AS first, (u.starts_on + interval '1 month')::date - 1 AS last
    FROM wanted g JOIN used u ON u.counter = g.counter AND u.resource_id = g.resource_id AND u.period = 'month'
    WHERE g.period = 'month' AND u.n >= g.maximum
    UNION ALL SELECT g.sender_id, w.starts_on, w.starts_on + 6
    FROM wanted g JOIN weeks w ON w.counter = g.counter AND w.resource_id = g.resource_id
    WHERE g.period = 'sevenDays' AND w.from_here >= g.maximum
    UNION ALL SELECT g.sender_id, w.starts_on - 6, w.starts_on
    FROM wanted g JOIN weeks w ON w.counter = g.counter AND w.resource_id = g.resource_id
    WHERE g.period = 'sevenDays' AND w.up_to_here >= g.maximum
    UNION ALL SELECT g.sender_id, g.from_day, g.until_day - 1 FROM wanted g WHERE g.maximum <= 0
  ), closed AS (
    SELECT g.sender_id, u.starts_on AS day
    FROM wanted g JOIN used u ON u.counter = g.counter AND u.resource_id = g.resource_id AND u.period = 'day'
    WHERE g.period = 'day' AND u.starts_on >= g.from_day AND u.starts_on < g.until_day AND u.n >= g.maximum
    UNION
    SELECT s.sender_id, d.day FROM stretches s JOIN unnest(p_days) AS d(day) ON d.day BETWEEN s.first AND s.last
  ), closed_for AS (
    SELECT day, count(*) AS senders FROM closed GROUP BY day
  )
  SELECT coalesce(array_agg(d.position::int ORDER BY d.position), '{}')
  FROM unnest(p_days) WITH ORDINALITY AS d(day, position) LEFT JOIN closed_for c ON c.day = d.day
  WHERE coalesce(c.senders, 0) < (SELECT count(DISTINCT sender_id) FROM wanted)
$$;
