(
    SELECT user_id FROM did WHERE event = 'payment_error' GROUP BY user_id HAVING count(*) >= 2
    UNION
    SELECT user_id FROM did WHERE event = 'checkout_bug'
    UNION
    SELECT user_id FROM did WHERE event IN ('error_page', 'support_chat') GROUP BY user_id HAVING count(*) >= 3
)
EXCEPT
SELECT user_id FROM bought WHERE t >= ago(14)
