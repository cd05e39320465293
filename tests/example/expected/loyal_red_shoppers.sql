SELECT user_id FROM users WHERE country IN ('FR', 'BE', 'LU', 'CH')
INTERSECT SELECT user_id FROM red_two_years
INTERSECT SELECT user_id FROM email_reachable
EXCEPT SELECT user_id FROM refund_abusers
