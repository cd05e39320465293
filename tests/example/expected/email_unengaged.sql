SELECT user_id FROM events WHERE event = 'email_delivered' AND ts >= ago(90) GROUP BY user_id HAVING count(*) >= 4
EXCEPT SELECT user_id FROM events WHERE event IN ('email_opened', 'email_clicked') AND ts >= ago(90)
