SELECT user_id FROM events JOIN products USING (product_id)
WHERE event = 'purchase' AND subcategory = 'running_shoes' GROUP BY user_id
HAVING max(ts) >= ago(400) AND max(ts) < ago(150)
