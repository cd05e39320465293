SELECT user_id FROM did WHERE t >= ago(42) AND t < ago(21) GROUP BY user_id HAVING count(*) >= 12
