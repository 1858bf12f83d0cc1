-- What is left of a period's credits: the balance after its last entry (PACE-1).
CREATE FUNCTION credit_left(p_period uuid) RETURNS int LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT c.balance FROM credit_entry c WHERE c.period_id = p_period ORDER BY c.id DESC LIMIT 1), 0)
$$;
