(SELECT user_id FROM lapsed_buyers UNION SELECT user_id FROM at_risk_buyers)
INTERSECT SELECT user_id FROM email_reachable
EXCEPT SELECT user_id FROM refund_abusers
EXCEPT SELECT user_id FROM unhappy_customers
EXCEPT SELECT user_id FROM holdout
