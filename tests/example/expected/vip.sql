((SELECT user_id FROM loyal_buyers INTERSECT SELECT user_id FROM big_spenders)
 UNION SELECT user_id FROM regulars_two_years
 UNION SELECT user_id FROM founding_members)
EXCEPT SELECT user_id FROM refund_abusers
EXCEPT SELECT user_id FROM staff
