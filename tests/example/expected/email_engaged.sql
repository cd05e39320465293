SELECT user_id FROM events WHERE ts >= ago(90) AND event IN ('email_opened', 'email_clicked') GROUP BY user_id
HAVING count(*) FILTER (event = 'email_opened') >= 3 OR count(*) FILTER (event = 'email_clicked') >= 1
