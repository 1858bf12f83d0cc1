-- The mark before the first byte: from here on the provider may have the touch (TRUTH-1). It is refused to an attempt whose
-- lease is over, so a process that was frozen since its claim sends nothing. A stop locks the enrollment, so of a stop and
-- this mark one comes first: whoever stops sees the mark and waits, or the mark sees the stop (TRUTH-2).
-- p: { touchId, fence, now, spacingSeconds, answerSeconds }, answerSeconds: from the mark until the provider has it, at most
-- → null: it may leave now; { reason, rule, numbers }: nothing may
CREATE FUNCTION hand_over(p jsonb) RETURNS jsonb LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_touch uuid := (p ->> 'touchId')::uuid;
  v_now timestamptz := (p ->> 'now')::timestamptz;
  v_answer interval := make_interval(secs => (p ->> 'answerSeconds')::double precision);
  v_sender uuid;
  v_last timestamptz;
BEGIN
  PERFORM 1 FROM touch t JOIN enrollment e ON e.id = t.enrollment_id JOIN campaign c ON c.id = e.campaign_id
  WHERE t.id = v_touch AND e.status = 'active' AND c.status = 'active' FOR NO KEY UPDATE OF e;
  IF NOT FOUND THEN
    RETURN jsonb_build_object('reason', 'stopped while it was claimed', 'rule', 'TRUTH-2', 'numbers', '{}'::jsonb);
  END IF;
  SELECT t.sender_id INTO v_sender FROM touch t
  WHERE t.id = v_touch AND t.status = 'sending' AND t.fence = (p ->> 'fence')::int AND t.handed_over_at IS NULL
  FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN jsonb_build_object('reason', 'no longer claimed', 'rule', 'TRUTH-1', 'numbers', '{}'::jsonb);
  END IF;
  PERFORM lock_sender(v_sender);
  -- TIME-6: by then the last one was there at the latest. No touch is marked more than minutes after its claim.
  SELECT max(coalesce(t.answered_at, t.handed_over_at + v_answer)) INTO v_last FROM touch t
  WHERE t.sender_id = v_sender AND t.id <> v_touch AND t.claimed_at > v_now - interval '10 minutes'
    AND t.handed_over_at IS NOT NULL;
  IF v_last > v_now - make_interval(secs => (p ->> 'spacingSeconds')::int) THEN
    RETURN jsonb_build_object('reason', 'too close to the last touch of this sender', 'rule', 'TIME-6', 'numbers',
      jsonb_build_object('secondsSince', floor(extract(epoch FROM v_now - v_last)), 'secondsApart', p -> 'spacingSeconds'));
  END IF;
  UPDATE touch SET handed_over_at = v_now, lease_until = clock_timestamp() + v_answer
  WHERE id = v_touch AND lease_until > clock_timestamp();
  IF NOT FOUND THEN
    RETURN jsonb_build_object('reason', 'its attempt took too long', 'rule', 'TIME-7', 'numbers', '{}'::jsonb);
  END IF;
  RETURN NULL;
END
$$;
