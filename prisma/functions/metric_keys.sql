-- In which rows of the tables of MET a touch is counted: one for each breakdown that it has a key in.
CREATE FUNCTION metric_keys(p_channel text, p_step int, p_send_time text, p_warm_up_day int)
RETURNS TABLE (breakdown text, key text) LANGUAGE sql IMMUTABLE AS $$
  SELECT k.breakdown, k.key
  FROM (VALUES ('channel', p_channel), ('step', p_step::text), ('sendTime', p_send_time),
    ('warmUpDay', p_warm_up_day::text)) AS k(breakdown, key)
  WHERE k.key IS NOT NULL
$$;
