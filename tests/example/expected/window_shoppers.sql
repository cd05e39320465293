SELECT user_id FROM events WHERE event = 'product_viewed' AND ts >= ago(60) GROUP BY user_id
HAVING count(DISTINCT product_id) >= 12
EXCEPT SELECT user_id FROM events WHERE event = 'purchase' AND ts >= ago(180)
