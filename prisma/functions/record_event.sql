-- Stores an event, notes whom it is about, and applies what needs no look at them: the touch that it proves to be sent
-- (TRUTH-1), and a stop. A repeated delivery changes nothing. The caller's transaction makes all of it true at once.
-- p: { provider, providerEventId, kind, occurredAt, now, provesSending, payload, touchId, reference, carrier, token,
--   sender: { kind, address } | null, person: { email, phone, profile } | null,
--   stop: { reason, rule, signal } | null, lock: boolean }
-- lock: the caller goes on to change these leads. Two events about the same people never wait for each other.
-- → p_event: null, it was stored before; p_subjects: { clientId, leadId, touchId }[]; p_outbox: what the stop owes now;
-- p_in_flight: something may be on its way to those whom it stops (no claim begins any more: their sequences are locked)
CREATE FUNCTION record_event(p jsonb, OUT p_event uuid, OUT p_subjects jsonb, OUT p_outbox uuid[],
  OUT p_in_flight boolean)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_now timestamptz := (p ->> 'now')::timestamptz;
  v_stops boolean := jsonb_typeof(p -> 'stop') = 'object';
  v_leads uuid[];
  v_touch uuid;
  v_sequences int;
BEGIN
  p_subjects := '[]';
  p_outbox := '{}';
  p_in_flight := false;
  INSERT INTO inbound_event (id, provider, provider_event_id, kind, occurred_at, received_at, proves_sending, payload)
  VALUES (gen_random_uuid(), p ->> 'provider', p ->> 'providerEventId', p ->> 'kind', (p ->> 'occurredAt')::timestamptz,
    v_now, (p ->> 'provesSending')::boolean, p -> 'payload')
  ON CONFLICT DO NOTHING RETURNING id INTO p_event;
  IF p_event IS NULL THEN
    SELECT coalesce(jsonb_agg(jsonb_build_object('clientId', s.client_id, 'leadId', s.lead_id, 'touchId', s.touch_id)), '[]')
    INTO p_subjects FROM inbound_event v JOIN event_subject s ON s.event_id = v.id
    WHERE v.provider = p ->> 'provider' AND v.provider_event_id = p ->> 'providerEventId';
    p_in_flight := true;
    RETURN;
  END IF;

  WITH noted AS (
    INSERT INTO event_subject (event_id, client_id, lead_id, touch_id)
    SELECT p_event, f.client_id, f.lead_id, f.touch_id FROM find_subjects(p) AS f
    RETURNING client_id, lead_id, touch_id
  )
  SELECT array_agg(n.lead_id ORDER BY n.lead_id), max(n.touch_id::text)::uuid,
    jsonb_agg(jsonb_build_object('clientId', n.client_id, 'leadId', n.lead_id, 'touchId', n.touch_id) ORDER BY n.lead_id)
  INTO v_leads, v_touch, p_subjects FROM noted n;
  IF v_leads IS NULL THEN
    p_subjects := '[]';
    RETURN;
  END IF;
  IF v_stops OR (p ->> 'lock')::boolean THEN
    PERFORM 1 FROM lead WHERE id = ANY (v_leads) ORDER BY id FOR NO KEY UPDATE;
  END IF;
  -- An event that names a touch has one subject.
  IF v_touch IS NOT NULL AND (p ->> 'provesSending')::boolean THEN
    PERFORM confirm_sent(v_touch, p ->> 'kind', v_now);
    -- The provider's own name of what left: later events bear it, and a follow-up answers it (SEQ-9).
    IF p ->> 'kind' = 'sent' AND p ->> 'reference' IS NOT NULL THEN
      UPDATE touch SET reference = p ->> 'reference'
      WHERE id = v_touch AND status IN ('sending', 'uncertain', 'sent')
        AND reference IS DISTINCT FROM p ->> 'reference';
    END IF;
  END IF;
  IF v_stops THEN
    SELECT count(*), coalesce(array_agg(s.outbox_id) FILTER (WHERE s.outbox_id IS NOT NULL), '{}')
    INTO v_sequences, p_outbox
    FROM unnest(v_leads) AS l(id) CROSS JOIN LATERAL
      stop_lead(l.id, p #>> '{stop,reason}', p #>> '{stop,rule}', p #>> '{stop,signal}', v_now) AS s;
    p_in_flight := EXISTS (
      SELECT 1 FROM enrollment e JOIN touch t ON t.enrollment_id = e.id
      WHERE e.lead_id = ANY (v_leads) AND t.status = 'sending');
  END IF;
  -- Somebody who was erased leaves nothing behind: what they say is not kept either ("@erased.invalid": store/leads).
  UPDATE inbound_event SET outcome = coalesce(v_sequences || ' sequences stopped', 'noted'),
    payload = CASE WHEN NOT EXISTS (SELECT 1 FROM lead WHERE id = ANY (v_leads) AND email LIKE '%@erased.invalid')
      THEN payload WHEN payload #>> '{facts,automatic}' = 'true' THEN '{"facts": {"automatic": true}}' ELSE '{}' END
  WHERE id = p_event;
END
$$;
