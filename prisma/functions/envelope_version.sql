-- What a request of a touch is made of, as one word: it is another one when any of these rows has changed.
CREATE FUNCTION envelope_version(p_touch uuid) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT concat_ws(' ', t.xmin, x.xmin, l.xmin, c.xmin, s.xmin, p.xmin, m.xmin)
  FROM touch t JOIN touch_text x ON x.touch_id = t.id JOIN enrollment e ON e.id = t.enrollment_id
    JOIN lead l ON l.id = e.lead_id JOIN client c ON c.id = t.client_id
    JOIN sender s ON s.id = t.sender_id LEFT JOIN sender_channel p ON p.sender_id = s.id AND p.channel = t.channel
    LEFT JOIN mailbox m ON m.sender_id = s.id
  WHERE t.id = p_touch
$$;
