SELECT user_id FROM events JOIN products USING (product_id)
WHERE event = 'purchase' AND color = 'red' AND ts >= ago(730) GROUP BY user_id HAVING count(*) >= 2
