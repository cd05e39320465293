SELECT user_id FROM person
EXCEPT
SELECT user_id FROM did WHERE event IN ('payment_error', 'checkout_bug', 'error_page') AND t >= ago(60)
