SELECT user_id FROM events WHERE event = 'support_ticket' AND topic IN ('refund', 'delivery', 'product') AND ts >= ago(60)
UNION SELECT user_id FROM events WHERE event = 'review_written' AND rating <= 2 AND ts >= ago(60)
