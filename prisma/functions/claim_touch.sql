-- Turns a booked touch into one that is being sent, if every limit as it stands now allows it (LIM-3).
-- The caller holds the enrollment's lock and has passed the gate in this same transaction (TRUTH-2).
-- p: { touchId, now, day, spacingSeconds, leaseSeconds, answerSeconds, envelope, limits: sender_limit[], the sender's }
-- leaseSeconds: until its mark (hand_over), by the database's clock; answerSeconds: from there until the provider has it, at
-- most. envelope: what was read to send it (envelope_version); null: nothing was.
-- → { kind: 'claimed', fence } or { kind: 'refused', rule, reason, numbers } or { kind: 'changed' }: read it again
CREATE FUNCTION claim_touch(p jsonb) RETURNS jsonb LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_touch record;
  v_now timestamptz := (p ->> 'now')::timestamptz;
  v_day date := (p ->> 'day')::date;
  v_limits sender_limit[];
  v_limit record;
  v_used bigint;
  v_last timestamptz;
  -- A line is held from the claim on, until a call that comes as late as it may is over.
  v_way interval := make_interval(secs => (p ->> 'leaseSeconds')::double precision + (p ->> 'answerSeconds')::double precision);
BEGIN
  SELECT t.id, t.client_id, t.sender_id, t.fence INTO v_touch FROM touch t
  WHERE t.id = (p ->> 'touchId')::uuid AND t.status = 'planned' AND t.slot_at IS NOT NULL FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN jsonb_build_object('kind', 'refused', 'rule', 'LIM-2', 'reason', 'nothing is booked', 'numbers', '{}'::jsonb);
  END IF;
  IF p ->> 'envelope' <> coalesce(envelope_version(v_touch.id), '') THEN
    RETURN jsonb_build_object('kind', 'changed');
  END IF;
  PERFORM lock_sender(v_touch.sender_id);
  PERFORM 1 FROM capacity_counter c JOIN capacity_hold h USING (counter, resource_id, period, starts_on)
  WHERE h.touch_id = v_touch.id AND h.state = 'booked' ORDER BY c.starts_on, c.counter, c.resource_id, c.period FOR NO KEY UPDATE OF c;

  SELECT array_agg(g) INTO v_limits FROM jsonb_populate_recordset(NULL::sender_limit, p -> 'limits') AS g
  WHERE v_day >= g.from_day AND v_day < g.until_day;
  FOR v_limit IN
    SELECT g.counter, g.resource_id, g.period, g.maximum, h.starts_on, c.consumed
    FROM unnest(v_limits) AS g
    LEFT JOIN capacity_hold h ON h.touch_id = v_touch.id AND h.counter = g.counter AND h.resource_id = g.resource_id
      AND h.period = counter_period(g.period) AND h.state = 'booked'
    LEFT JOIN capacity_counter c ON c.counter = h.counter AND c.resource_id = h.resource_id AND c.period = h.period
      AND c.starts_on = h.starts_on
    ORDER BY g.counter, g.period
  LOOP
    IF v_limit.period = 'now' THEN
      -- Whoever claims at the same time must see this one's hold.
      PERFORM pg_advisory_xact_lock(hashtextextended('now:' || v_limit.counter || v_limit.resource_id, 0));
      v_used := (SELECT count(*) FROM capacity_hold h WHERE h.counter = v_limit.counter
        AND h.resource_id = v_limit.resource_id AND h.period = 'now' AND h.ends_at > v_now);
    ELSIF v_limit.starts_on IS NULL THEN
      RETURN jsonb_build_object('kind', 'refused', 'rule', 'LIM-2', 'reason', 'nothing is booked',
        'numbers', jsonb_build_object('resource', v_limit.counter));
    ELSIF v_limit.starts_on <> counter_start(v_limit.period, v_day) THEN
      RETURN jsonb_build_object('kind', 'refused', 'rule', 'TIME-7', 'reason', 'the booked day is over',
        'numbers', jsonb_build_object('bookedDay', v_limit.starts_on, 'today', p ->> 'day'));
    ELSIF v_limit.period = 'sevenDays' THEN
      v_used := (SELECT sum(c.consumed) FROM capacity_counter c WHERE c.counter = v_limit.counter
        AND c.resource_id = v_limit.resource_id AND c.period = 'day' AND c.starts_on BETWEEN v_day - 6 AND v_day);
    ELSE
      v_used := v_limit.consumed;
    END IF;
    IF v_used >= v_limit.maximum THEN
      RETURN jsonb_build_object('kind', 'refused', 'rule', 'LIM-3', 'reason',
        CASE v_limit.period WHEN 'now' THEN 'all lines of the account are busy'
          WHEN 'sevenDays' THEN 'the limit of seven days is used up'
          WHEN 'month' THEN 'the limit of the month is used up' ELSE 'the limit is used up' END,
        'numbers', jsonb_build_object('resource', v_limit.counter, 'limit', v_limit.maximum, 'consumed', v_used));
    END IF;
  END LOOP;

  SELECT max(t.claimed_at) INTO v_last FROM touch t WHERE t.sender_id = v_touch.sender_id AND t.id <> v_touch.id;
  IF v_last > v_now - make_interval(secs => (p ->> 'spacingSeconds')::int) THEN
    RETURN jsonb_build_object('kind', 'refused', 'rule', 'TIME-6', 'reason', 'too close to the last touch of this sender',
      'numbers', jsonb_build_object('secondsSince', floor(extract(epoch FROM v_now - v_last)),
                                    'secondsApart', p -> 'spacingSeconds'));
  END IF;

  UPDATE capacity_counter c SET booked = c.booked - 1, consumed = c.consumed + 1,
    "limit" = coalesce((
      SELECT g.maximum FROM unnest(v_limits) AS g WHERE g.counter = c.counter AND g.period = c.period::text), c."limit")
  FROM capacity_hold h
  WHERE h.touch_id = v_touch.id AND h.state = 'booked' AND h.counter = c.counter AND h.resource_id = c.resource_id AND h.period = c.period
    AND h.starts_on = c.starts_on;
  UPDATE capacity_hold SET state = 'consumed' WHERE touch_id = v_touch.id AND state = 'booked';
  INSERT INTO capacity_hold (touch_id, client_id, counter, resource_id, period, state, ends_at)
  SELECT v_touch.id, v_touch.client_id, g.counter, g.resource_id, 'now', 'consumed',
    v_now + v_way + make_interval(secs => g.lasts_seconds)
  FROM unnest(v_limits) AS g WHERE g.period = 'now';
  UPDATE touch SET status = 'sending', fence = fence + 1, claimed_at = v_now, handed_over_at = NULL, answered_at = NULL,
    lease_until = clock_timestamp() + make_interval(secs => (p ->> 'leaseSeconds')::double precision)
  WHERE id = v_touch.id;
  RETURN jsonb_build_object('kind', 'claimed', 'fence', v_touch.fence + 1);
END
$$;
