-- Replaces what the touches of these leads came to, and moves the sums by the difference (MET). Touches that came to the
-- same as before cost nothing. The caller holds the lock of the client's metrics.
-- p_touches: touch_measure[], every touch of these leads that left
CREATE FUNCTION write_measures(p_leads uuid[], p_touches jsonb) RETURNS void LANGUAGE sql AS $$
  WITH fresh AS MATERIALIZED (
    SELECT r.* FROM jsonb_populate_recordset(NULL::touch_measure, p_touches) AS r
  ), known AS MATERIALIZED (
    SELECT m.* FROM touch_measure m WHERE m.lead_id = ANY (p_leads)
  ), gone AS MATERIALIZED (TABLE known EXCEPT TABLE fresh),
  come AS MATERIALIZED (TABLE fresh EXCEPT TABLE known),
  removed AS (
    DELETE FROM touch_measure m WHERE m.touch_id IN (SELECT touch_id FROM known EXCEPT SELECT touch_id FROM fresh)
  ), written AS (
    INSERT INTO touch_measure AS m TABLE come
    ON CONFLICT (touch_id) DO UPDATE SET (client_id, lead_id, campaign_id, domain_id, step, channel, sent_on, admitted_on,
      send_time, warm_up_day, is_repeat, sent, bounced, opens_measured, opened, opened_automatically, replied, stopped) =
      (EXCLUDED.client_id, EXCLUDED.lead_id, EXCLUDED.campaign_id, EXCLUDED.domain_id, EXCLUDED.step, EXCLUDED.channel,
      EXCLUDED.sent_on, EXCLUDED.admitted_on, EXCLUDED.send_time, EXCLUDED.warm_up_day, EXCLUDED.is_repeat, EXCLUDED.sent,
      EXCLUDED.bounced, EXCLUDED.opens_measured, EXCLUDED.opened, EXCLUDED.opened_automatically, EXCLUDED.replied,
      EXCLUDED.stopped)
  ), changed AS (
    SELECT 1 AS sign, c.* FROM come c UNION ALL SELECT -1, g.* FROM gone g
  ), moves AS (
    SELECT s.scope_id, k.breakdown, c.sent_on, c.admitted_on, k.key, c.client_id, sum(c.sign * c.sent) AS sent,
      sum(c.sign * c.bounced) AS bounced, sum(c.sign * c.opens_measured) AS opens_measured,
      sum(c.sign * c.opened) AS opened, sum(c.sign * c.opened_automatically) AS opened_automatically,
      sum(c.sign * c.replied) AS replied, sum(c.sign * c.stopped) AS stopped
    FROM changed c, LATERAL (VALUES (c.client_id), (c.campaign_id), (c.domain_id)) AS s(scope_id),
      LATERAL metric_keys(c.channel, c.step, c.send_time, c.warm_up_day) AS k
    -- A lead is in a campaign once; elsewhere the repeats are counted as leads when they are read.
    WHERE s.scope_id IS NOT NULL AND NOT (c.is_repeat AND k.breakdown = 'step' AND s.scope_id <> c.campaign_id)
    GROUP BY 1, 2, 3, 4, 5, 6
    HAVING (sum(c.sign * c.sent), sum(c.sign * c.bounced), sum(c.sign * c.opens_measured), sum(c.sign * c.opened),
      sum(c.sign * c.opened_automatically), sum(c.sign * c.replied), sum(c.sign * c.stopped)) <> (0, 0, 0, 0, 0, 0, 0)
  )
  MERGE INTO metric_count AS n USING moves AS m
  ON n.scope_id = m.scope_id AND n.breakdown = m.breakdown AND n.sent_on = m.sent_on AND n.admitted_on = m.admitted_on
    AND n.key = m.key
  WHEN MATCHED AND n.sent + m.sent = 0 THEN DELETE
  WHEN MATCHED THEN UPDATE SET sent = n.sent + m.sent, bounced = n.bounced + m.bounced,
    opens_measured = n.opens_measured + m.opens_measured, opened = n.opened + m.opened,
    opened_automatically = n.opened_automatically + m.opened_automatically, replied = n.replied + m.replied,
    stopped = n.stopped + m.stopped
  WHEN NOT MATCHED THEN INSERT (scope_id, breakdown, sent_on, admitted_on, key, client_id, sent, bounced, opens_measured,
    opened, opened_automatically, replied, stopped)
  VALUES (m.scope_id, m.breakdown, m.sent_on, m.admitted_on, m.key, m.client_id, m.sent, m.bounced, m.opens_measured,
    m.opened, m.opened_automatically, m.replied, m.stopped)
$$;
