-- Makes the counters of these limits on one day that are missing, in the canonical order.
CREATE FUNCTION make_counters(p_client uuid, p_limits sender_limit[], p_day date) RETURNS void LANGUAGE sql VOLATILE AS $$
  INSERT INTO capacity_counter (counter, resource_id, period, starts_on, client_id, "limit")
  SELECT DISTINCT g.counter, g.resource_id, counter_period(g.period), counter_start(g.period, p_day),
    p_client, 0
  FROM unnest(p_limits) AS g WHERE g.period <> 'now'
  ORDER BY 4, 1, 2, 3
  ON CONFLICT DO NOTHING
$$;
