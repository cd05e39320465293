SELECT user_id FROM did WHERE event = 'add_to_cart' AND channel IN ('paid_search', 'social')
GROUP BY user_id HAVING count(DISTINCT session) >= 2
