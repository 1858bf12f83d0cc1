-- A waiting lead becomes active, and its workflow's start is owed (PACE-4). The caller holds the enrollment's lock.
CREATE FUNCTION admit_enrollment(p_enrollment uuid, p_now timestamptz) RETURNS uuid LANGUAGE sql VOLATILE AS $$
  WITH admitted AS (
    UPDATE enrollment SET status = 'active', admitted_at = p_now WHERE id = p_enrollment AND status = 'waiting'
    RETURNING id, client_id, campaign_id
  )
  INSERT INTO outbox (id, client_id, kind, subject_id, payload, created_at, next_attempt_at)
  SELECT gen_random_uuid(), client_id, 'startLead', id, jsonb_build_object('campaignId', campaign_id), p_now, p_now
  FROM admitted
  RETURNING id
$$;
