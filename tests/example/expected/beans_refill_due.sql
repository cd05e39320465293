SELECT user_id FROM events JOIN products USING (product_id)
WHERE event = 'purchase' AND subcategory = 'coffee_beans' GROUP BY user_id
HAVING count(DISTINCT local_day(ts)) FILTER (ts >= ago(365)) >= 2 AND max(ts) < ago(28)
