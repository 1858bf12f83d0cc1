-- Has this lead cost a credit of the period that did not come back (PACE-5)?
CREATE FUNCTION has_paid(p_period uuid, p_lead uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(c.amount), 0) < 0 FROM credit_entry c
  WHERE c.period_id = p_period AND c.lead_id = p_lead AND c.kind IN ('admit', 'refund')
$$;
