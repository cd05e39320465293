SELECT user_id FROM users WHERE joined >= ago(365) AND joined < as_of()
