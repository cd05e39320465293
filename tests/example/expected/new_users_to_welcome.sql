SELECT user_id FROM users
WHERE joined >= ago(14) AND joined < as_of()
  AND user_id NOT IN (SELECT user_id FROM events WHERE event = 'purchase')
