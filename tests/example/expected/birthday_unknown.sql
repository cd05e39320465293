SELECT user_id FROM users WHERE birthday IS NULL
INTERSECT SELECT user_id FROM email_reachable
INTERSECT SELECT user_id FROM active_this_month
