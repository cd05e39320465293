SELECT u.user_id FROM users u
WHERE u.joined < ago(134)
  AND EXISTS (SELECT 1 FROM events e WHERE e.user_id = u.user_id AND event = 'session_start' AND ts >= ago(14))
  AND NOT EXISTS (
    SELECT 1 FROM events e
    WHERE e.user_id = u.user_id AND event = 'session_start' AND ts >= ago(134) AND ts < ago(14))
