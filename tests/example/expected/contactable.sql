(SELECT user_id FROM email_reachable UNION SELECT user_id FROM push_reachable)
EXCEPT SELECT user_id FROM holdout
EXCEPT SELECT user_id FROM staff
EXCEPT SELECT user_id FROM events WHERE event IN ('email_sent', 'push_sent') AND ts >= ago(7) GROUP BY user_id
HAVING count(*) > 4
