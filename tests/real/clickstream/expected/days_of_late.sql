SELECT user_id FROM did WHERE t >= midnight(30) GROUP BY user_id HAVING count(DISTINCT day) BETWEEN 2 AND 4
