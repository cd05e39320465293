SELECT user_id FROM events JOIN products USING (product_id)
WHERE event = 'product_viewed' AND category = 'outdoor' AND ts >= ago(365) GROUP BY user_id HAVING count(*) >= 10
