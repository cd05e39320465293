SELECT DISTINCT user_id FROM events WHERE event = 'session_start' AND ts >= ago(30)
