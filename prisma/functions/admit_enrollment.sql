-- A waiting lead becomes active, for one credit if it has cost none in this period (PACE-1, PACE-5), and its workflow's start
-- is owed (PACE-4). The caller holds the enrollment's lock, and lock_credit has said yes.
CREATE FUNCTION admit_enrollment(p_enrollment uuid, p_now timestamptz) RETURNS uuid LANGUAGE sql VOLATILE AS $$
  WITH admitted AS (
    UPDATE enrollment SET status = 'active', admitted_at = p_now WHERE id = p_enrollment AND status = 'waiting'
    RETURNING id, client_id, campaign_id, lead_id
  ), spent AS (
    INSERT INTO credit_entry (client_id, period_id, kind, amount, balance, lead_id, enrollment_id, reason, at)
    SELECT a.client_id, p.id, 'admit', -1, credit_left(p.id) - 1, a.lead_id, a.id, 'admitted', p_now
    FROM admitted a JOIN credit_period p ON p.client_id = a.client_id AND p.starts_at <= p_now AND p.ends_at > p_now
    WHERE NOT has_paid(p.id, a.lead_id)
  )
  INSERT INTO outbox (id, client_id, kind, subject_id, payload, created_at, next_attempt_at)
  SELECT gen_random_uuid(), client_id, 'startLead', id, jsonb_build_object('campaignId', campaign_id), p_now, p_now
  FROM admitted
  RETURNING id
$$;
