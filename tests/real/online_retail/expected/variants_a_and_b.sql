SELECT user_id FROM line WHERE right(stock, 1) IN ('A', 'B', 'b') GROUP BY user_id HAVING count(DISTINCT day) >= 2
