SELECT user_id FROM did WHERE event IN ('home', 'search') AND t >= ago(90)
GROUP BY user_id HAVING count(DISTINCT day) >= 3
