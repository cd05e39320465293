SELECT user_id FROM users WHERE birthday > local_today() - 10957 AND birthday <= local_today()
