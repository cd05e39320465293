SELECT user_id FROM did GROUP BY user_id HAVING min(t) >= ago(60)
