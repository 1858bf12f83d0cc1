-- Locks what stopping or holding these leads will change, in the one order, whoever of them comes first: their open
-- sequences, the planned touches, and the counters that these hold. One lead after the other would lock a counter before
-- the next one's sequence. The caller has locked the leads.
CREATE FUNCTION lock_bookings(p_leads uuid[]) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_open uuid[];
  v_planned uuid[];
BEGIN
  SELECT coalesce(array_agg(e.id), '{}') INTO v_open FROM (
    SELECT o.id FROM enrollment o WHERE o.lead_id = ANY (p_leads) AND o.status IN ('waiting', 'active')
    ORDER BY o.id FOR NO KEY UPDATE
  ) AS e;
  SELECT coalesce(array_agg(t.id), '{}') INTO v_planned FROM (
    SELECT x.id FROM touch x WHERE x.enrollment_id = ANY (v_open) AND x.status = 'planned' ORDER BY x.id FOR NO KEY UPDATE
  ) AS t;
  PERFORM 1 FROM capacity_counter c
  WHERE (c.counter, c.resource_id, c.period, c.starts_on) IN (
    SELECT h.counter, h.resource_id, h.period, h.starts_on FROM capacity_hold h WHERE h.touch_id = ANY (v_planned))
  ORDER BY c.starts_on, c.counter, c.resource_id, c.period FOR NO KEY UPDATE;
END
$$;
