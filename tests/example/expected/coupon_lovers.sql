SELECT user_id FROM events WHERE event = 'purchase' AND coupon IS NOT NULL AND ts >= ago(365) GROUP BY user_id
HAVING count(DISTINCT order_id) >= 3
