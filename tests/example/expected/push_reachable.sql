SELECT user_id FROM users WHERE push_enabled
INTERSECT
SELECT user_id FROM events WHERE event = 'session_start' AND device IN ('ios_app', 'android_app') AND ts >= ago(120)
