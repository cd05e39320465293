SELECT DISTINCT user_id FROM line WHERE price = 0
