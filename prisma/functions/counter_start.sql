-- On which day the counter of a limit of this period begins that a day belongs to.
CREATE FUNCTION counter_start(p_period text, p_day date) RETURNS date LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE p_period WHEN 'month' THEN date_trunc('month', p_day::timestamp)::date ELSE p_day END
$$;
