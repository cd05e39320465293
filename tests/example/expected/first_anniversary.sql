SELECT user_id FROM users WHERE joined >= ago(365) AND joined < ago(358)
INTERSECT SELECT user_id FROM email_reachable
