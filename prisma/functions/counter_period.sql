-- In which counters a limit of this period is counted: one of seven days sums those of its days. Short enough for the
-- planner to write it out where it is called.
CREATE FUNCTION counter_period(p_period text) RETURNS "CapacityPeriod" LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE p_period WHEN 'month' THEN 'month'::"CapacityPeriod" ELSE 'day'::"CapacityPeriod" END
$$;
