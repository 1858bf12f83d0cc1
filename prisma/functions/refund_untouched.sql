-- PACE-5: gives the credit back of every lead that was admitted in this period, has ended, and was never touched. Takes the
-- period's lock and no other, so that it stands outside the order of locks. Idempotent.
-- → how many credits came back
CREATE FUNCTION refund_untouched(p_client uuid, p_now timestamptz) RETURNS int LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_period credit_period;
  v_refunded int;
BEGIN
  SELECT c.* INTO v_period FROM credit_period c
  WHERE c.client_id = p_client AND c.starts_at <= p_now AND c.ends_at > p_now FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN 0; END IF;
  INSERT INTO credit_entry (client_id, period_id, kind, amount, balance, lead_id, enrollment_id, reason, at)
  SELECT p_client, v_period.id, 'refund', 1, credit_left(v_period.id) + row_number() OVER (ORDER BY c.id),
    c.lead_id, c.enrollment_id, 'never touched: ' || coalesce(e.stop_reason, 'every step was skipped'), p_now
  FROM credit_entry c JOIN enrollment e ON e.id = c.enrollment_id
  WHERE c.period_id = v_period.id AND c.kind = 'admit' AND e.status IN ('completed', 'stopped')
    AND NOT EXISTS (
      SELECT 1 FROM credit_entry r
      WHERE r.period_id = v_period.id AND r.enrollment_id = c.enrollment_id AND r.kind = 'refund')
    -- The same credit paid for the lead's other sequences of this period.
    AND NOT EXISTS (
      SELECT 1 FROM enrollment o WHERE o.lead_id = c.lead_id AND (o.status = 'active' OR (
        o.admitted_at >= v_period.starts_at AND EXISTS (
          SELECT 1 FROM touch t WHERE t.enrollment_id = o.id AND t.status IN ('sending', 'sent', 'uncertain')))));
  GET DIAGNOSTICS v_refunded = ROW_COUNT;
  RETURN v_refunded;
END
$$;
