SELECT user_id FROM events WHERE event = 'session_start' AND ts >= ago(30) GROUP BY user_id
HAVING count(DISTINCT local_day(ts)) >= 6
INTERSECT
SELECT user_id FROM events WHERE event = 'product_viewed' AND ts >= ago(30) GROUP BY user_id
HAVING count(DISTINCT product_id) >= 10
