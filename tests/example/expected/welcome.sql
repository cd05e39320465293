SELECT user_id FROM new_users_to_welcome
INTERSECT SELECT user_id FROM email_reachable
EXCEPT SELECT user_id FROM holdout
