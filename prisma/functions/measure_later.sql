-- The trigger of every fact that MET is counted from: notes, in the fact's own transaction, whose touches have to be
-- measured anew. What changes all of a client's or a domain's leads waits for a refresh that is going on, because it must
-- see whom that refresh counts.
CREATE FUNCTION measure_later() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  CASE TG_TABLE_NAME
    WHEN 'touch' THEN
      INSERT INTO measure_due (client_id, lead_id)
      SELECT e.client_id, e.lead_id FROM enrollment e WHERE e.id = NEW.enrollment_id;
    WHEN 'lead' THEN
      INSERT INTO measure_due (client_id, lead_id) VALUES (NEW.client_id, NEW.id);
    WHEN 'client' THEN
      PERFORM pg_advisory_xact_lock(hashtextextended('metrics:' || NEW.id, 0));
      INSERT INTO measure_due (client_id, lead_id)
      SELECT DISTINCT e.client_id, e.lead_id FROM enrollment e JOIN touch t ON t.enrollment_id = e.id
      WHERE e.client_id = NEW.id AND t.sent_at IS NOT NULL;
    WHEN 'sending_domain' THEN
      PERFORM pg_advisory_xact_lock(hashtextextended('metrics:' || NEW.client_id, 0));
      INSERT INTO measure_due (client_id, lead_id)
      SELECT DISTINCT m.client_id, m.lead_id FROM touch_measure m WHERE m.domain_id = NEW.id;
    ELSE
      INSERT INTO measure_due (client_id, lead_id) VALUES (NEW.client_id, NEW.lead_id);
  END CASE;
  RETURN NULL;
END
$$;
