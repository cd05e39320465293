SELECT DISTINCT user_id FROM events
WHERE event = 'purchase' AND coupon = 'BLACK25' AND local_day(ts) BETWEEN DATE '2025-11-24' AND DATE '2025-12-01'
