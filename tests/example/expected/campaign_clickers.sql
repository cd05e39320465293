SELECT user_id FROM events
WHERE event = 'email_clicked' AND ts >= ago(365) AND campaign IS DISTINCT FROM 'abandoned_basket'
GROUP BY user_id HAVING count(DISTINCT campaign) >= 2
