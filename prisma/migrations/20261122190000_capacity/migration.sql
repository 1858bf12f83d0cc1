-- Capacity: book → claim → release (LIM-1 … LIM-6, WARM-2, TIME-6).
-- The numbers come from the caller (domain/limits.ts); what is proved here is that they are never passed.
--
-- Locks are taken in one canonical order everywhere, or two transactions could wait for each other:
--   enrollment row → campaign row (shared) → touch row → senders (advisory, by id) → capacity_day rows (by day, kind, resource).

-- A sender's moments are spread over many rows, so its schedule is locked as a whole.
CREATE FUNCTION lock_sender(p_sender text) RETURNS void LANGUAGE sql AS $$
  SELECT pg_advisory_xact_lock(hashtextextended('sender:' || p_sender, 0))
$$;

-- The fullest seven days that contain this one (LIM: invitations of a seat).
CREATE FUNCTION busiest_seven_days(p_kind "CapacityKind", p_resource uuid, p_day date) RETURNS bigint
LANGUAGE sql STABLE AS $$
  SELECT max((
    SELECT coalesce(sum(c.booked + c.consumed), 0) FROM capacity_day c
    WHERE c.kind = p_kind AND c.resource_id = p_resource AND c.day BETWEEN w.first::date AND w.first::date + 6
  ))
  FROM generate_series(p_day - 6, p_day, interval '1 day') AS w(first)
$$;

-- The senders that have room on one day, and how much: the smallest remainder of their resources decides (LIM-1); in_all
-- tells apart the mailboxes of one domain.
-- p_senders: [{id, perSevenDays, resources: [{kind, id, limits: [limit per segment]}]}], p_segment: index into limits.
CREATE FUNCTION senders_with_room(p_senders jsonb, p_segment int, p_day date)
RETURNS TABLE (sender_id text, room int, in_all bigint) LANGUAGE sql STABLE AS $$
  SELECT s ->> 'id', min((r -> 'limits' ->> p_segment)::int - coalesce(c.booked + c.consumed, 0)),
    sum((r -> 'limits' ->> p_segment)::int - coalesce(c.booked + c.consumed, 0))
  FROM jsonb_array_elements(p_senders) AS s
  CROSS JOIN LATERAL jsonb_array_elements(s -> 'resources') AS r
  LEFT JOIN capacity_day c
    ON c.kind = (r ->> 'kind')::"CapacityKind" AND c.resource_id = (r ->> 'id')::uuid AND c.day = p_day
  GROUP BY s
  HAVING min((r -> 'limits' ->> p_segment)::int - coalesce(c.booked + c.consumed, 0)) > 0
    AND coalesce(bool_and(
      s ->> 'perSevenDays' IS NULL
      OR busiest_seven_days((r ->> 'kind')::"CapacityKind", (r ->> 'id')::uuid, p_day) < (s ->> 'perSevenDays')::int
    ), true)
$$;

-- A uniformly random free second of a sender inside [p_from, p_to), or null (TIME-6).
CREATE FUNCTION random_free_moment(p_sender uuid, p_from timestamptz, p_to timestamptz, p_spacing interval)
RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
  WITH moments AS (
    SELECT coalesce(t.claimed_at, t.slot_at) AS at FROM touch t
    WHERE t.sender_id = p_sender
      AND t.status IN ('planned', 'sending', 'sent', 'uncertain', 'failed')
      AND coalesce(t.claimed_at, t.slot_at) > p_from - p_spacing
      AND coalesce(t.claimed_at, t.slot_at) < p_to + p_spacing
  ), edges AS (
    SELECT at FROM moments
    UNION ALL SELECT p_from - p_spacing
    UNION ALL SELECT p_to + p_spacing
  ), gaps AS (
    SELECT ceil(extract(epoch FROM greatest(at + p_spacing, p_from))) AS first,
           ceil(extract(epoch FROM least(lead(at) OVER (ORDER BY at) - p_spacing, p_to))) AS past
    FROM edges
  ), free AS (
    SELECT first, past - first AS seconds, sum(past - first) OVER (ORDER BY first) AS up_to FROM gaps WHERE past > first
  ), pick AS (
    SELECT floor(random() * (SELECT max(up_to) FROM free)) AS nth
  )
  SELECT to_timestamp((first + nth - (up_to - seconds))::double precision) FROM free, pick WHERE nth < up_to
  ORDER BY up_to LIMIT 1
$$;

-- Books the earliest slot that satisfies the window, the day and every limit (LIM-2), all resources or none (LIM-1).
-- p: { touchId, clientId, campaignId, enrollmentId, step, channel, now, admit, spacingSeconds,
--      segments: [{day, from, to}] in order of time, senders: as above }
-- → { status: 'booked' | 'kept' | 'full' | 'closed', touchId, slotAt, senderId, day }
-- kept: the touch had its slot already (booking is idempotent). closed: the enrollment or the touch has moved on.
CREATE FUNCTION book_touch(p jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_enrollment enrollment%ROWTYPE;
  v_touch touch%ROWTYPE;
  v_touch_id uuid := (p ->> 'touchId')::uuid;
  v_now timestamptz := (p ->> 'now')::timestamptz;
  v_spacing interval := make_interval(secs => (p ->> 'spacingSeconds')::int);
  v_sender text;
  v_segment record;
  v_slot timestamptz;
BEGIN
  SELECT * INTO v_enrollment FROM enrollment WHERE id = (p ->> 'enrollmentId')::uuid FOR UPDATE;
  IF NOT FOUND THEN RETURN jsonb_build_object('status', 'closed'); END IF;
  IF v_enrollment.status = 'waiting' AND (p ->> 'admit')::boolean THEN
    -- SEQ-8: two campaigns may want the same lead at the same moment.
    PERFORM 1 FROM lead WHERE id = v_enrollment.lead_id FOR UPDATE;
    IF EXISTS (SELECT 1 FROM enrollment e WHERE e.lead_id = v_enrollment.lead_id AND e.status = 'active') THEN
      RETURN jsonb_build_object('status', 'closed');
    END IF;
  ELSIF v_enrollment.status <> 'active' THEN
    RETURN jsonb_build_object('status', 'closed');
  END IF;

  -- TRUTH-4: a pause holds this row while it takes every booking back, so none slips in beside it.
  PERFORM 1 FROM campaign WHERE id = v_enrollment.campaign_id AND status = 'active' FOR SHARE;
  IF NOT FOUND THEN RETURN jsonb_build_object('status', 'closed'); END IF;

  SELECT * INTO v_touch FROM touch
  WHERE enrollment_id = v_enrollment.id AND step = (p ->> 'step')::int FOR UPDATE;
  IF FOUND THEN
    v_touch_id := v_touch.id;
    IF v_touch.status <> 'planned' THEN RETURN jsonb_build_object('status', 'closed'); END IF;
    IF v_touch.slot_at IS NOT NULL THEN
      RETURN jsonb_build_object('status', 'kept', 'touchId', v_touch.id, 'slotAt', v_touch.slot_at,
        'senderId', v_touch.sender_id);
    END IF;
  END IF;

  FOR v_sender IN SELECT DISTINCT s ->> 'id' AS id FROM jsonb_array_elements(p -> 'senders') AS s ORDER BY id LOOP
    PERFORM lock_sender(v_sender);
  END LOOP;

  FOR v_segment IN
    SELECT (s.value ->> 'day')::date AS day, (s.value ->> 'from')::timestamptz AS starts,
           (s.value ->> 'to')::timestamptz AS ends, s.ordinality::int - 1 AS index
    FROM jsonb_array_elements(p -> 'segments') WITH ORDINALITY AS s
    ORDER BY s.ordinality
  LOOP
    -- A look without locks: a full day costs nothing.
    CONTINUE WHEN NOT EXISTS (SELECT 1 FROM senders_with_room(p -> 'senders', v_segment.index, v_segment.day));

    INSERT INTO capacity_day (kind, resource_id, day, client_id, "limit")
    SELECT DISTINCT ON (1, 2) (r ->> 'kind')::"CapacityKind", (r ->> 'id')::uuid, v_segment.day,
           (p ->> 'clientId')::uuid, (r -> 'limits' ->> v_segment.index)::int
    FROM jsonb_array_elements(p -> 'senders') AS s, jsonb_array_elements(s -> 'resources') AS r
    ORDER BY 1, 2
    ON CONFLICT DO NOTHING;

    PERFORM 1 FROM capacity_day c
    WHERE c.day = v_segment.day AND (c.kind, c.resource_id) IN (
      SELECT (r ->> 'kind')::"CapacityKind", (r ->> 'id')::uuid
      FROM jsonb_array_elements(p -> 'senders') AS s, jsonb_array_elements(s -> 'resources') AS r)
    ORDER BY c.kind, c.resource_id
    FOR UPDATE;

    -- LIM-5: the sender with the most room first.
    FOR v_sender IN
      SELECT w.sender_id FROM senders_with_room(p -> 'senders', v_segment.index, v_segment.day) AS w
      ORDER BY w.room DESC, w.in_all DESC, random()
    LOOP
      v_slot := random_free_moment(v_sender::uuid, v_segment.starts, v_segment.ends, v_spacing);
      CONTINUE WHEN v_slot IS NULL;

      INSERT INTO touch (id, client_id, campaign_id, enrollment_id, step, channel, status, slot_at, planned_for, sender_id)
      VALUES (v_touch_id, (p ->> 'clientId')::uuid, (p ->> 'campaignId')::uuid, v_enrollment.id, (p ->> 'step')::int,
              (p ->> 'channel')::"Channel", 'planned', v_slot, v_slot, v_sender::uuid)
      ON CONFLICT (enrollment_id, step) DO UPDATE
        SET slot_at = v_slot, planned_for = coalesce(touch.planned_for, v_slot), sender_id = v_sender::uuid,
            channel = EXCLUDED.channel, claimed_at = NULL;

      INSERT INTO capacity_hold (touch_id, kind, resource_id, day, state)
      SELECT v_touch_id, (r ->> 'kind')::"CapacityKind", (r ->> 'id')::uuid, v_segment.day, 'booked'
      FROM jsonb_array_elements(p -> 'senders') AS s, jsonb_array_elements(s -> 'resources') AS r
      WHERE s ->> 'id' = v_sender;

      UPDATE capacity_day c SET booked = c.booked + 1, "limit" = wanted.allowed
      FROM (
        SELECT (r ->> 'kind')::"CapacityKind" AS kind, (r ->> 'id')::uuid AS id,
               (r -> 'limits' ->> v_segment.index)::int AS allowed
        FROM jsonb_array_elements(p -> 'senders') AS s, jsonb_array_elements(s -> 'resources') AS r
        WHERE s ->> 'id' = v_sender
      ) AS wanted
      WHERE c.day = v_segment.day AND c.kind = wanted.kind AND c.resource_id = wanted.id;

      IF v_enrollment.status = 'waiting' THEN
        UPDATE enrollment SET status = 'active', admitted_at = v_now WHERE id = v_enrollment.id;
      END IF;
      RETURN jsonb_build_object('status', 'booked', 'touchId', v_touch_id, 'slotAt', v_slot, 'senderId', v_sender,
        'day', v_segment.day);
    END LOOP;
  END LOOP;
  RETURN jsonb_build_object('status', 'full');
END
$$;

-- Turns a booked touch into one that is being sent, if every limit as it stands now allows it (LIM-3).
-- The caller holds the enrollment's lock and has passed the gate in this same transaction (TRUTH-2).
-- p: { touchId, now, day, limits: {kind: limit}, perSevenDays, spacingSeconds, concurrentCalls, callSeconds }
-- → { claimed: true, fence } or { claimed: false, rule, reason, numbers }
CREATE FUNCTION claim_touch(p jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_touch touch%ROWTYPE;
  v_now timestamptz := (p ->> 'now')::timestamptz;
  v_hold record;
  v_last timestamptz;
  v_calls bigint;
  v_holds int := 0;
BEGIN
  SELECT * INTO v_touch FROM touch WHERE id = (p ->> 'touchId')::uuid FOR UPDATE;
  IF NOT FOUND OR v_touch.status <> 'planned' OR v_touch.slot_at IS NULL THEN
    RETURN jsonb_build_object('claimed', false, 'rule', 'LIM-2', 'reason', 'nothing is booked', 'numbers', '{}'::jsonb);
  END IF;
  PERFORM lock_sender(v_touch.sender_id::text);
  PERFORM 1 FROM capacity_day c JOIN capacity_hold h USING (kind, resource_id, day)
  WHERE h.touch_id = v_touch.id ORDER BY c.day, c.kind, c.resource_id FOR UPDATE OF c;

  FOR v_hold IN
    SELECT h.kind, h.resource_id, h.day, c.consumed, (p -> 'limits' ->> h.kind::text)::int AS allowed
    FROM capacity_hold h JOIN capacity_day c USING (kind, resource_id, day)
    WHERE h.touch_id = v_touch.id ORDER BY h.kind
  LOOP
    v_holds := v_holds + 1;
    IF v_hold.day <> (p ->> 'day')::date THEN
      RETURN jsonb_build_object('claimed', false, 'rule', 'TIME-7', 'reason', 'the booked day is over',
        'numbers', jsonb_build_object('bookedDay', v_hold.day, 'today', p ->> 'day'));
    END IF;
    IF v_hold.consumed >= v_hold.allowed THEN
      RETURN jsonb_build_object('claimed', false, 'rule', 'LIM-3', 'reason', 'the limit is used up',
        'numbers', jsonb_build_object('resource', v_hold.kind, 'limit', v_hold.allowed, 'consumed', v_hold.consumed));
    END IF;
    IF p ->> 'perSevenDays' IS NOT NULL THEN
      SELECT sum(c.consumed) INTO v_calls FROM capacity_day c
      WHERE c.kind = v_hold.kind AND c.resource_id = v_hold.resource_id
        AND c.day BETWEEN v_hold.day - 6 AND v_hold.day;
      IF v_calls >= (p ->> 'perSevenDays')::int THEN
        RETURN jsonb_build_object('claimed', false, 'rule', 'LIM-3', 'reason', 'the limit of seven days is used up',
          'numbers', jsonb_build_object('resource', v_hold.kind, 'limit', p -> 'perSevenDays', 'consumed', v_calls));
      END IF;
    END IF;
  END LOOP;
  IF v_holds = 0 THEN
    RETURN jsonb_build_object('claimed', false, 'rule', 'LIM-2', 'reason', 'nothing is booked', 'numbers', '{}'::jsonb);
  END IF;

  SELECT max(t.claimed_at) INTO v_last FROM touch t WHERE t.sender_id = v_touch.sender_id AND t.id <> v_touch.id;
  IF v_last > v_now - make_interval(secs => (p ->> 'spacingSeconds')::int) THEN
    RETURN jsonb_build_object('claimed', false, 'rule', 'TIME-6', 'reason', 'too close to the last touch of this sender',
      'numbers', jsonb_build_object('secondsSince', floor(extract(epoch FROM v_now - v_last)),
                                    'secondsApart', p -> 'spacingSeconds'));
  END IF;

  IF v_touch.channel = 'voice' THEN
    PERFORM pg_advisory_xact_lock(hashtextextended('calls of the account', 0));
    SELECT count(*) INTO v_calls FROM touch t
    WHERE t.channel = 'voice' AND t.status IN ('sending', 'sent', 'uncertain')
      AND t.claimed_at > v_now - make_interval(secs => (p ->> 'callSeconds')::int);
    IF v_calls >= (p ->> 'concurrentCalls')::int THEN
      RETURN jsonb_build_object('claimed', false, 'rule', 'LIM-3', 'reason', 'all lines of the account are busy',
        'numbers', jsonb_build_object('resource', 'voice_account', 'limit', p -> 'concurrentCalls', 'consumed', v_calls));
    END IF;
  END IF;

  UPDATE capacity_day c SET booked = c.booked - 1, consumed = c.consumed + 1,
         "limit" = (p -> 'limits' ->> c.kind::text)::int
  FROM capacity_hold h
  WHERE h.touch_id = v_touch.id AND c.kind = h.kind AND c.resource_id = h.resource_id AND c.day = h.day;
  UPDATE capacity_hold SET state = 'consumed' WHERE touch_id = v_touch.id;
  UPDATE touch SET status = 'sending', fence = fence + 1, claimed_at = v_now WHERE id = v_touch.id;
  RETURN jsonb_build_object('claimed', true, 'fence', v_touch.fence + 1);
END
$$;

-- Gives back what these touches hold, booked or consumed (LIM-6), and takes their slots. Their status is the caller's.
CREATE FUNCTION release_touches(p_touches uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM touch WHERE id = ANY (p_touches) ORDER BY id FOR UPDATE;
  PERFORM 1 FROM capacity_day c
  WHERE (c.kind, c.resource_id, c.day) IN (
    SELECT h.kind, h.resource_id, h.day FROM capacity_hold h WHERE h.touch_id = ANY (p_touches))
  ORDER BY c.day, c.kind, c.resource_id FOR UPDATE;
  WITH given_back AS (
    DELETE FROM capacity_hold WHERE touch_id = ANY (p_touches) RETURNING kind, resource_id, day, state
  ), sums AS (
    SELECT kind, resource_id, day, count(*) FILTER (WHERE state = 'booked') AS booked,
           count(*) FILTER (WHERE state = 'consumed') AS consumed
    FROM given_back GROUP BY kind, resource_id, day
  )
  UPDATE capacity_day c SET booked = c.booked - s.booked, consumed = c.consumed - s.consumed
  FROM sums s WHERE c.kind = s.kind AND c.resource_id = s.resource_id AND c.day = s.day;
  UPDATE touch SET slot_at = NULL WHERE id = ANY (p_touches);
END
$$;
