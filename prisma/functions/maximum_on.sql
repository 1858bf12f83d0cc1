-- A limit's maximum on one day: its last stage that has begun by then (WARM-2).
CREATE FUNCTION maximum_on(p_stages jsonb, p_day date) RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN jsonb_array_length(p_stages) = 1 THEN (p_stages -> 0 ->> 'maximum')::int ELSE (
    SELECT (s.value ->> 'maximum')::int FROM jsonb_array_elements(p_stages) WITH ORDINALITY AS s
    WHERE s.value ->> 'from' IS NULL OR (s.value ->> 'from')::date <= p_day
    ORDER BY s.ordinality DESC LIMIT 1) END
$$;
