-- May this enrollment's lead be admitted now (PACE-1, PACE-2)? Locks the client's period of credits until the transaction
-- ends, so that of all admissions at once none is the one too many. The caller holds the enrollment's lock.
-- p_since, p_at_most: when the client's day began, and how many leads it may admit in it; null: any number.
-- → 'yes', 'day' (today's target is reached), 'credit' (none is left, or no period is open)
CREATE FUNCTION lock_credit(p_enrollment uuid, p_now timestamptz, p_since timestamptz, p_at_most int)
RETURNS text LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_client uuid;
  v_lead uuid;
  v_period uuid;
BEGIN
  SELECT e.client_id, e.lead_id INTO v_client, v_lead FROM enrollment e WHERE e.id = p_enrollment;
  SELECT c.id INTO v_period FROM credit_period c
  WHERE c.client_id = v_client AND c.starts_at <= p_now AND c.ends_at > p_now FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN 'credit'; END IF;
  IF p_at_most <= (SELECT count(*) FROM enrollment e WHERE e.client_id = v_client AND e.admitted_at >= p_since) THEN
    RETURN 'day';
  END IF;
  IF credit_left(v_period) > 0 OR has_paid(v_period, v_lead) THEN RETURN 'yes'; END IF;
  RETURN 'credit';
END
$$;
