SELECT user_id FROM events WHERE event = 'review_written' AND ts >= ago(365) GROUP BY user_id
HAVING count(*) FILTER (rating >= 4) >= 2 AND count(*) FILTER (rating <= 2) = 0
