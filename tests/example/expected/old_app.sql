SELECT user_id FROM users
WHERE split_part(app_version, '.', 1)::INTEGER < 5
    OR (split_part(app_version, '.', 1)::INTEGER = 5 AND split_part(app_version, '.', 2)::INTEGER < 10)
