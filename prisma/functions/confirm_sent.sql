-- An event about an uncertain touch proves that it was sent (TRUTH-1); so it does of one that the provider's list did not
-- show. Locks the enrollment first, as everyone does.
CREATE FUNCTION confirm_sent(p_touch uuid, p_kind text, p_now timestamptz) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  PERFORM 1 FROM touch t JOIN enrollment e ON e.id = t.enrollment_id
  WHERE t.id = p_touch AND t.status IN ('uncertain', 'sending', 'failed') FOR NO KEY UPDATE OF e;
  IF NOT FOUND THEN RETURN; END IF;
  -- A statement of its own sees what the attempt wrote down while the lock was waited for.
  WITH confirmed AS (
    UPDATE touch t SET status = 'sent', reason = 'confirmed by the provider: ' || p_kind, rule = 'TRUTH-1',
      sent_at = t.claimed_at, sent_on = coalesce(t.sent_on, (t.claimed_at AT TIME ZONE l.timezone)::date)
    FROM enrollment e JOIN lead l ON l.id = e.lead_id
    WHERE t.id = p_touch AND e.id = t.enrollment_id AND (t.status = 'uncertain' OR (t.status = 'failed' AND EXISTS (
      SELECT 1 FROM reconciliation r WHERE r.touch_id = t.id AND r.last_answer = 'absent')))
    RETURNING t.id, t.client_id, t.enrollment_id, t.step, t.reason
  )
  INSERT INTO timeline_entry (client_id, enrollment_id, touch_id, step, at, what, reason, rule)
  SELECT client_id, enrollment_id, id, step, p_now, 'sent', reason, 'TRUTH-1' FROM confirmed;
END
$$;
