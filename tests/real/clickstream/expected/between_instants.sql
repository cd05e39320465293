SELECT user_id FROM did
WHERE event = 'product_view' AND t >= auckland('2024-03-10 01:30') AND t < TIMESTAMPTZ '2024-04-15 23:59:59+00'
GROUP BY user_id HAVING count(*) > 4
