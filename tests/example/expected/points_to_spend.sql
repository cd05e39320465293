SELECT user_id FROM users WHERE loyalty_points >= 300
EXCEPT SELECT user_id FROM events WHERE event = 'purchase' AND ts >= ago(60)
