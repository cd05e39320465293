SELECT DISTINCT user_id FROM did e
WHERE event IN ('payment_error', 'checkout_bug', 'error_page')
    AND NOT EXISTS (SELECT 1 FROM bought p WHERE p.user_id = e.user_id AND p.t >= e.t)
