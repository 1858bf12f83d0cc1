-- Whom an event is about: by the link's token, by our own reference, by the provider's, or by the person and the sender it
-- came to. Someone unknown gives nothing; a person whom several clients know, when no sender tells them apart, gives
-- several, because a stop must not be lost. A carrier says mailbox and step, also before the send's own answer is known; a
-- mail that has left is rather the one that is waited for, whichever its step. On LinkedIn seat and person are the reference: the last of their touches is meant.
-- p: as record_event
CREATE FUNCTION find_subjects(p jsonb) RETURNS TABLE (client_id uuid, lead_id uuid, touch_id uuid) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  IF p ->> 'token' IS NOT NULL THEN
    RETURN QUERY SELECT l.client_id, l.id, NULL::uuid FROM lead l WHERE l.unsubscribe_token = p ->> 'token';
    RETURN;
  END IF;
  IF p ->> 'touchId' IS NOT NULL THEN
    RETURN QUERY SELECT t.client_id, e.lead_id, t.id FROM touch t JOIN enrollment e ON e.id = t.enrollment_id
      WHERE t.id = (p ->> 'touchId')::uuid;
    IF FOUND THEN RETURN; END IF;
  END IF;
  IF p ->> 'reference' IS NOT NULL THEN
    RETURN QUERY SELECT t.client_id, e.lead_id, t.id FROM touch t JOIN enrollment e ON e.id = t.enrollment_id
      WHERE t.reference = p ->> 'reference' ORDER BY t.claimed_at DESC NULLS LAST LIMIT 1;
    IF FOUND THEN RETURN; END IF;
  END IF;
  IF p ->> 'carrier' IS NOT NULL AND p #>> '{person,email}' IS NOT NULL THEN
    RETURN QUERY SELECT t.client_id, e.lead_id, t.id
      FROM carrier_sequence c
        JOIN sender s ON s.id = c.sender_id AND s.address = coalesce(p #>> '{sender,address}', s.address)
        JOIN lead l ON l.client_id = c.client_id AND l.email = p #>> '{person,email}'
        JOIN enrollment e ON e.lead_id = l.id
        JOIN touch t ON t.enrollment_id = e.id AND t.sender_id = c.sender_id
      WHERE c.sequence_id = p ->> 'carrier' AND (t.step = c.step OR p ->> 'kind' = 'sent')
        AND t.claimed_at <= (p ->> 'occurredAt')::timestamptz + interval '5 minutes'
      ORDER BY (p ->> 'kind' = 'sent' AND t.status IN ('sending', 'uncertain')) DESC, (t.step = c.step) DESC,
        t.claimed_at DESC LIMIT 1;
    IF FOUND THEN RETURN; END IF;
  END IF;
  -- A reply in a thread is carried by no sequence: what has left this mailbox for this person is what is waited for.
  IF p ->> 'kind' = 'sent' THEN
    RETURN QUERY SELECT t.client_id, e.lead_id, t.id
      FROM sender s JOIN lead l ON l.client_id = s.client_id AND l.email = p #>> '{person,email}'
        JOIN enrollment e ON e.lead_id = l.id
        JOIN touch t ON t.enrollment_id = e.id AND t.sender_id = s.id
      WHERE s.kind = (p #>> '{sender,kind}')::"SenderKind" AND s.address = p #>> '{sender,address}'
        AND t.status IN ('sending', 'uncertain') AND t.claimed_at <= (p ->> 'occurredAt')::timestamptz + interval '5 minutes'
      ORDER BY t.claimed_at DESC LIMIT 1;
    IF FOUND THEN RETURN; END IF;
  END IF;
  IF jsonb_typeof(p -> 'person') <> 'object' THEN RETURN; END IF;
  -- One index for each way to know a person; a condition with OR would read every lead.
  RETURN QUERY
  SELECT DISTINCT k.client_id, k.id, NULL::uuid
  FROM (
    SELECT l.id, l.client_id FROM lead l WHERE l.email = p #>> '{person,email}'
    UNION ALL SELECT l.id, l.client_id FROM lead l WHERE l.mobile = p #>> '{person,phone}'
    UNION ALL SELECT l.id, l.client_id FROM lead l WHERE l.phone = p #>> '{person,phone}'
    UNION ALL SELECT l.id, l.client_id FROM lead l WHERE l.linkedin_profile = p #>> '{person,profile}'
  ) AS k
  WHERE k.client_id = coalesce((
    SELECT s.client_id FROM sender s
    WHERE s.kind = (p #>> '{sender,kind}')::"SenderKind" AND s.address = p #>> '{sender,address}'), k.client_id);
END
$$;
