SELECT user_id FROM events WHERE event IN ('session_start', 'purchase', 'review_written') AND ts >= ago(90)
EXCEPT SELECT user_id FROM events
WHERE event IN ('session_start', 'purchase', 'review_written')
    AND ts >= timezone('Europe/Paris', (local_today() - 30)::TIMESTAMP)
