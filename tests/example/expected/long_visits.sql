SELECT user_id FROM events WHERE event = 'session_start' AND ts >= ago(90)
GROUP BY user_id HAVING quantile_cont(duration_s, 0.5) >= 600
