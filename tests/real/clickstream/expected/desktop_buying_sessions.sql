SELECT user_id FROM did WHERE platform = 'desktop' AND event IN ('purchase', 'payment_details')
GROUP BY user_id HAVING count(DISTINCT session) >= 2
