SELECT user_id FROM line WHERE stock IN ('85123A', '84879', '22469', '22470')
GROUP BY user_id HAVING sum(quantity) >= 24
