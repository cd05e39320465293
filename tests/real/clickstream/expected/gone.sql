SELECT user_id FROM did GROUP BY user_id HAVING max(t) < ago(21)
