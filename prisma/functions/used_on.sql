-- What is booked and consumed of one limit on one day: of the day itself, of the fullest seven days that contain it, or of
-- its month (LIM). A limit of period now is asked when the touch is claimed, not before.
CREATE FUNCTION used_on(p_counter text, p_resource uuid, p_period text, p_day date) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF p_period = 'sevenDays' THEN
    RETURN (
      SELECT max((
        SELECT coalesce(sum(c.booked + c.consumed), 0) FROM capacity_counter c
        WHERE c.counter = p_counter AND c.resource_id = p_resource AND c.period = 'day'
          AND c.starts_on BETWEEN w.first::date AND w.first::date + 6))
      FROM generate_series(p_day - 6, p_day, interval '1 day') AS w(first));
  END IF;
  RETURN coalesce((
    SELECT c.booked + c.consumed FROM capacity_counter c
    WHERE c.counter = p_counter AND c.resource_id = p_resource AND c.period = p_period::"CapacityPeriod"
      AND c.starts_on = CASE WHEN p_period = 'month' THEN date_trunc('month', p_day)::date ELSE p_day END), 0);
END
$$;
