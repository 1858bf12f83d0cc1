-- Writes a booking: the touch with its slot, and for each limit of the sender a counter that moves and a hold. The caller
-- holds every lock and has seen that there is room.
-- p: as book_touch. p_limits: the chosen sender's.
CREATE FUNCTION write_booking(p jsonb, p_touch uuid, p_sender uuid, p_limits jsonb, p_day date, p_slot timestamptz)
RETURNS void LANGUAGE sql VOLATILE AS $$
  WITH wanted AS (
    -- A day's limit and one of seven days share the day's counter; the day's own maximum is the one that is shown.
    SELECT DISTINCT ON (1, 2, 3) l ->> 'counter' AS counter, (l ->> 'resourceId')::uuid AS resource_id,
      (CASE l ->> 'period' WHEN 'month' THEN 'month' ELSE 'day' END)::"CapacityPeriod" AS period,
      CASE l ->> 'period' WHEN 'month' THEN date_trunc('month', p_day)::date ELSE p_day END AS starts_on,
      maximum_on(l -> 'stages', p_day) AS maximum
    FROM jsonb_array_elements(p_limits) AS l WHERE l ->> 'period' <> 'now'
    ORDER BY 1, 2, 3, l ->> 'period'
  ), written AS (
    INSERT INTO touch (id, client_id, campaign_id, enrollment_id, step, channel, status, slot_at, planned_for, sender_id)
    VALUES (p_touch, (p ->> 'clientId')::uuid, (p ->> 'campaignId')::uuid, (p ->> 'enrollmentId')::uuid,
      (p ->> 'step')::int, p ->> 'channel', 'planned', p_slot, p_slot, p_sender)
    ON CONFLICT (enrollment_id, step) DO UPDATE SET slot_at = EXCLUDED.slot_at,
      planned_for = coalesce(touch.planned_for, EXCLUDED.slot_at), sender_id = EXCLUDED.sender_id,
      channel = EXCLUDED.channel, claimed_at = NULL
  ), counted AS (
    INSERT INTO capacity_counter AS c (counter, resource_id, period, starts_on, client_id, "limit", booked)
    SELECT counter, resource_id, period, starts_on, (p ->> 'clientId')::uuid, maximum, 1 FROM wanted
    ORDER BY counter, resource_id, period, starts_on
    ON CONFLICT (counter, resource_id, period, starts_on)
      DO UPDATE SET booked = c.booked + 1, "limit" = EXCLUDED."limit"
  )
  INSERT INTO capacity_hold (touch_id, client_id, counter, resource_id, period, starts_on, state)
  SELECT p_touch, (p ->> 'clientId')::uuid, counter, resource_id, period, starts_on, 'booked' FROM wanted
$$;
