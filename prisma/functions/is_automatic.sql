-- Does this campaign find its leads by itself: has nobody brought it any?
CREATE FUNCTION is_automatic(p_campaign uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT NOT EXISTS (
    SELECT 1 FROM enrollment e WHERE e.campaign_id = p_campaign
      AND NOT EXISTS (SELECT 1 FROM sourced_person s WHERE s.lead_id = e.lead_id AND s.campaign_id = e.campaign_id))
$$;
