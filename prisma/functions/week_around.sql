-- What is booked and consumed in the fullest seven days that contain this day (LIM).
CREATE FUNCTION week_around(p_counter text, p_resource uuid, p_day date) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT coalesce(max((
    SELECT sum(c.booked + c.consumed) FROM capacity_counter c
    WHERE c.counter = p_counter AND c.resource_id = p_resource AND c.period = 'day'
      AND c.starts_on BETWEEN w.first::date AND w.first::date + 6)), 0)
  FROM generate_series(p_day - 6, p_day, interval '1 day') AS w(first)
$$;
