SELECT user_id FROM events WHERE event = 'purchase' AND local_day(ts) BETWEEN DATE '2025-11-24' AND DATE '2025-12-24'
EXCEPT SELECT user_id FROM events WHERE event = 'purchase' AND local_day(ts) >= DATE '2025-12-25'
