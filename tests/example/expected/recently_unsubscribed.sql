SELECT user_id FROM events WHERE event = 'email_unsubscribed' AND ts >= ago(180)
INTERSECT SELECT user_id FROM events WHERE event = 'session_start' AND ts >= ago(180)
