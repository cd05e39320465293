SELECT user_id FROM did GROUP BY user_id HAVING min(t) >= auckland('2024-02-01') AND min(t) < auckland('2024-03-01')
