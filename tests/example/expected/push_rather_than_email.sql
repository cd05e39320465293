SELECT user_id FROM push_reachable
INTERSECT SELECT user_id FROM events WHERE event = 'push_opened' AND ts >= ago(180)
EXCEPT SELECT user_id FROM events WHERE event = 'email_opened' AND ts >= ago(180) GROUP BY user_id
HAVING count(*) > 1
