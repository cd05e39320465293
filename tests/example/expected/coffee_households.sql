SELECT user_id FROM events JOIN products USING (product_id)
WHERE event = 'purchase' AND category = 'coffee' AND subcategory NOT IN ('espresso_machines', 'grinders')
  AND ts >= ago(365)
GROUP BY user_id HAVING sum(amount::DECIMAL(18, 6)) >= 60
