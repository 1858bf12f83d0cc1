-- Stops every open sequence of a lead for good: no touch of it is sent from the moment this commits. Planned touches are
-- cancelled and give their capacity back (LIM-6); a touch that is just being sent keeps its own. Idempotent.
-- → a row for each sequence that this call stopped, with the signal that it is owed (null: nothing waited for one).
CREATE FUNCTION stop_lead(p_lead uuid, p_reason text, p_rule text, p_signal text, p_now timestamptz)
RETURNS TABLE (enrollment_id uuid, outbox_id uuid) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_open uuid[];
  v_active uuid[];
  v_planned uuid[];
BEGIN
  SELECT coalesce(array_agg(e.id), '{}'), coalesce(array_agg(e.id) FILTER (WHERE e.status = 'active'), '{}')
  INTO v_open, v_active
  FROM (
    SELECT o.id, o.status FROM enrollment o WHERE o.lead_id = p_lead AND o.status IN ('waiting', 'active')
    ORDER BY o.id FOR NO KEY UPDATE
  ) AS e;
  IF v_open = '{}' THEN RETURN; END IF;

  SELECT coalesce(array_agg(t.id), '{}') INTO v_planned FROM (
    SELECT x.id FROM touch x WHERE x.enrollment_id = ANY (v_open) AND x.status = 'planned' ORDER BY x.id FOR NO KEY UPDATE
  ) AS t;
  IF v_planned <> '{}' THEN
    PERFORM release_touches(v_planned);
    UPDATE touch SET status = 'cancelled', reason = p_reason, rule = p_rule WHERE id = ANY (v_planned);
  END IF;

  RETURN QUERY
  WITH stopped AS (
    UPDATE enrollment e SET status = 'stopped', stop_reason = p_reason, stop_rule = p_rule, finished_at = p_now
    WHERE e.id = ANY (v_open) RETURNING e.id, e.client_id
  ), told AS (
    INSERT INTO timeline_entry (client_id, enrollment_id, at, what, reason, rule)
    SELECT s.client_id, s.id, p_now, 'stopped', p_reason, p_rule FROM stopped s
  ), owed AS (
    INSERT INTO outbox (id, client_id, kind, subject_id, payload, created_at, next_attempt_at)
    SELECT gen_random_uuid(), s.client_id, 'leadSignal', s.id, jsonb_build_object('signal', p_signal), p_now, p_now
    FROM stopped s WHERE s.id = ANY (v_active)
    RETURNING id, subject_id
  )
  SELECT s.id, o.id FROM stopped s LEFT JOIN owed o ON o.subject_id = s.id ORDER BY s.id;
END
$$;
