-- Writes a booking: the touch with its slot, and for each limit of the sender a counter that moves and a hold. The caller
-- holds every lock and has seen that there is room.
-- p: as book_touch
CREATE FUNCTION write_booking(p jsonb, p_touch uuid, p_sender uuid, p_limits sender_limit[], p_day date, p_slot timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_client uuid := (p ->> 'clientId')::uuid;
BEGIN
  WITH wanted AS (
    -- A day's limit and one of seven days share the day's counter; the day's own maximum is the one that is shown.
    SELECT DISTINCT ON (1, 2, 3) g.counter, g.resource_id,
      counter_period(g.period) AS period, counter_start(g.period, p_day) AS starts_on, g.maximum
    FROM unnest(p_limits) AS g
    WHERE g.sender_id = p_sender AND g.period <> 'now' AND p_day >= g.from_day AND p_day < g.until_day
    ORDER BY 1, 2, 3, g.period
  ), written AS (
    INSERT INTO touch (id, client_id, campaign_id, enrollment_id, step, channel, form, status, slot_at, planned_for, sender_id)
    VALUES (p_touch, v_client, (p ->> 'campaignId')::uuid, (p ->> 'enrollmentId')::uuid, (p ->> 'step')::int,
      p ->> 'channel', p ->> 'form', 'planned', p_slot, p_slot, p_sender)
    ON CONFLICT (enrollment_id, step) DO UPDATE SET slot_at = EXCLUDED.slot_at,
      planned_for = coalesce(touch.planned_for, EXCLUDED.slot_at), sender_id = EXCLUDED.sender_id,
      channel = EXCLUDED.channel, form = EXCLUDED.form, claimed_at = NULL,
      handed_over_at = NULL, answered_at = NULL, lease_until = NULL
  ), counted AS (
    UPDATE capacity_counter c SET booked = c.booked + 1, "limit" = w.maximum
    FROM wanted w
    WHERE c.counter = w.counter AND c.resource_id = w.resource_id AND c.period = w.period AND c.starts_on = w.starts_on
  )
  INSERT INTO capacity_hold (touch_id, client_id, counter, resource_id, period, starts_on, state)
  SELECT p_touch, v_client, counter, resource_id, period, starts_on, 'booked' FROM wanted;
END
$$;
