-- Makes the counters of these senders on one day where they are missing, and locks them all in the canonical order.
CREATE FUNCTION lock_counters(p_client uuid, p_senders jsonb, p_day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_counters text[];
  v_resources uuid[];
  v_periods "CapacityPeriod"[];
  v_days date[];
BEGIN
  SELECT array_agg(w.counter), array_agg(w.resource_id), array_agg(w.period), array_agg(w.starts_on)
  INTO v_counters, v_resources, v_periods, v_days
  FROM (
    SELECT DISTINCT l ->> 'counter' AS counter, (l ->> 'resourceId')::uuid AS resource_id,
      (CASE l ->> 'period' WHEN 'month' THEN 'month' ELSE 'day' END)::"CapacityPeriod" AS period,
      CASE l ->> 'period' WHEN 'month' THEN date_trunc('month', p_day)::date ELSE p_day END AS starts_on
    FROM jsonb_array_elements(p_senders) AS s, jsonb_array_elements(s -> 'limits') AS l
    WHERE l ->> 'period' <> 'now'
    ORDER BY 4, 1, 2, 3
  ) AS w;
  INSERT INTO capacity_counter (counter, resource_id, period, starts_on, client_id, "limit")
  SELECT w.counter, w.resource_id, w.period, w.starts_on, p_client, 0
  FROM unnest(v_counters, v_resources, v_periods, v_days) AS w(counter, resource_id, period, starts_on)
  WHERE NOT EXISTS (
    SELECT 1 FROM capacity_counter c WHERE c.counter = w.counter AND c.resource_id = w.resource_id
      AND c.period = w.period AND c.starts_on = w.starts_on)
  ON CONFLICT DO NOTHING;
  PERFORM 1 FROM unnest(v_counters, v_resources, v_periods, v_days) AS w(counter, resource_id, period, starts_on)
  JOIN capacity_counter c ON c.counter = w.counter AND c.resource_id = w.resource_id AND c.period = w.period
    AND c.starts_on = w.starts_on
  ORDER BY c.starts_on, c.counter, c.resource_id, c.period FOR NO KEY UPDATE OF c;
END
$$;
