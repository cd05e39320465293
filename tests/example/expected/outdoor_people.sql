SELECT user_id FROM users WHERE list_has_any(interests, ['hiking', 'camping', 'climbing'])
UNION SELECT user_id FROM outdoor_browsers
