SELECT user_id FROM users WHERE email_subscribed AND email_hash IS NOT NULL
EXCEPT SELECT user_id FROM events WHERE event = 'email_bounced' AND ts >= ago(180) GROUP BY user_id
HAVING count(*) >= 2
