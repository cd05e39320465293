SELECT user_id FROM events WHERE event = 'session_start' GROUP BY user_id
HAVING max(ts) >= ago(540) AND max(ts) < ago(180)
