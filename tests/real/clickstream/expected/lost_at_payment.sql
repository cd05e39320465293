SELECT user_id FROM did WHERE event IN ('payment_details', 'payment_error') GROUP BY user_id HAVING count(*) >= 2
EXCEPT
SELECT user_id FROM bought
