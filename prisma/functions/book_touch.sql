-- Books the earliest slot that satisfies the window, the day and every limit (LIM-2), all counters or none (LIM-1).
-- p: { touchId, clientId, campaignId, enrollmentId, moved, step, channel, form, now, spacingSeconds, limits: sender_limit[],
--   admit: { since, atMost } | null, as lock_credit wants it; null: only one who is admitted may be booked }
-- moved: was the step chosen from the sequence that its lead has moved to (MIG-2)?
-- p_days, p_from, p_to: the offered stretches of the send window in order of time: the client-local day, and when it begins
-- and ends in epoch seconds.
-- → { kind: 'booked' | 'kept' | 'full' | 'closed' | 'spent', touchId, slotAt, senderId, outboxId, of }
-- kept: the touch had its slot already (booking is idempotent). closed: the enrollment or the touch has moved on.
-- spent: nobody may be admitted any more (PACE-2), of: today ('day') or in this period ('credit').
CREATE FUNCTION book_touch(p jsonb, p_days date[], p_from bigint[], p_to bigint[]) RETURNS jsonb LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_enrollment uuid := (p ->> 'enrollmentId')::uuid;
  v_limits sender_limit[];
  v_spacing interval := make_interval(secs => (p ->> 'spacingSeconds')::int);
  v_status "EnrollmentStatus";
  v_admits boolean := jsonb_typeof(p -> 'admit') = 'object';
  v_credit text;
  v_moved boolean;
  v_touch record;
  v_touch_id uuid := (p ->> 'touchId')::uuid;
  v_sender uuid;
  v_ready uuid[];
  v_is_new boolean;
  v_positions int[];
  v_at int := 1;
  v_slot timestamptz;
  v_outbox uuid;
BEGIN
  IF v_admits THEN
    -- SEQ-8: two campaigns may want the same lead at the same moment.
    PERFORM 1 FROM lead l JOIN enrollment e ON e.lead_id = l.id WHERE e.id = v_enrollment FOR NO KEY UPDATE OF l;
  END IF;
  -- TRUTH-4: a pause holds the campaign's row while it takes every booking back, so none slips in beside it.
  SELECT e.status, e.moved_at IS NOT NULL INTO v_status, v_moved FROM enrollment e JOIN campaign c ON c.id = e.campaign_id
  WHERE e.id = v_enrollment AND c.status = 'active' FOR NO KEY UPDATE OF e FOR SHARE OF c;
  IF NOT FOUND OR NOT (v_status = 'active' OR (v_status = 'waiting' AND v_admits)) THEN
    RETURN jsonb_build_object('kind', 'closed');
  END IF;
  -- MIG-2: a step of the sequence that the lead has left meanwhile.
  IF v_moved <> coalesce((p ->> 'moved')::boolean, v_moved) THEN
    RETURN jsonb_build_object('kind', 'closed');
  END IF;
  IF v_status = 'waiting' AND EXISTS (
    SELECT 1 FROM enrollment e JOIN enrollment o ON o.lead_id = e.lead_id
    WHERE e.id = v_enrollment AND o.status = 'active') THEN
    RETURN jsonb_build_object('kind', 'closed');
  END IF;
  IF v_status = 'waiting' THEN
    v_credit := lock_credit(v_enrollment, (p ->> 'now')::timestamptz, (p #>> '{admit,since}')::timestamptz,
      (p #>> '{admit,atMost}')::int);
    IF v_credit <> 'yes' THEN RETURN jsonb_build_object('kind', 'spent', 'of', v_credit); END IF;
  END IF;

  SELECT t.id, t.status, t.form, t.slot_at, t.sender_id INTO v_touch FROM touch t
  WHERE t.enrollment_id = v_enrollment AND t.step = (p ->> 'step')::int FOR NO KEY UPDATE;
  IF FOUND THEN
    IF v_touch.status <> 'planned' THEN RETURN jsonb_build_object('kind', 'closed'); END IF;
    IF v_touch.slot_at IS NOT NULL THEN
      -- Somebody else has booked another form: whoever asks must decide anew.
      IF v_touch.form IS DISTINCT FROM p ->> 'form' THEN RETURN jsonb_build_object('kind', 'closed'); END IF;
      RETURN jsonb_build_object('kind', 'kept', 'touchId', v_touch.id, 'slotAt', v_touch.slot_at,
        'senderId', v_touch.sender_id);
    END IF;
    v_touch_id := v_touch.id;
    -- What was written for another form cannot be said in this one.
    IF v_touch.form IS DISTINCT FROM p ->> 'form' THEN DELETE FROM touch_text WHERE touch_id = v_touch_id; END IF;
  END IF;

  SELECT array_agg(g) INTO v_limits FROM jsonb_populate_recordset(NULL::sender_limit, p -> 'limits') AS g;
  PERFORM lock_sender(s.id) FROM (SELECT DISTINCT g.sender_id AS id FROM unnest(v_limits) AS g ORDER BY 1) AS s;

  -- Near days nearly always have room, so the first is tried before all are looked at.
  WHILE v_at IS NOT NULL LOOP
    -- LIM-5: the sender with the most room first.
    SELECT array_agg(w.sender_id ORDER BY w.room DESC, w.in_all DESC, random()), bool_or(w.is_new) INTO v_ready, v_is_new
    FROM senders_with_room(v_limits, p_days[v_at]) AS w;
    IF v_is_new THEN
      PERFORM make_counters((p ->> 'clientId')::uuid, v_limits, p_days[v_at]);
      CONTINUE;
    END IF;
    FOREACH v_sender IN ARRAY coalesce(v_ready, '{}') LOOP
      v_slot := free_moment(v_sender, to_timestamp(p_from[v_at]), to_timestamp(p_to[v_at]), v_spacing);
      CONTINUE WHEN v_slot IS NULL;
      PERFORM write_booking(p, v_touch_id, v_sender, v_limits, p_days[v_at], v_slot);
      IF v_status = 'waiting' THEN
        v_outbox := admit_enrollment(v_enrollment, (p ->> 'now')::timestamptz);
      END IF;
      RETURN jsonb_build_object('kind', 'booked', 'touchId', v_touch_id, 'slotAt', v_slot, 'senderId', v_sender,
        'outboxId', v_outbox);
    END LOOP;
    v_positions := coalesce(v_positions, open_days(v_limits, p_days));
    v_at := (SELECT min(position) FROM unnest(v_positions) AS position WHERE position > v_at);
  END LOOP;
  RETURN jsonb_build_object('kind', 'full');
END
$$;
