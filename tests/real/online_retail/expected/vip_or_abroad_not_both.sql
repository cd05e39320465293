(SELECT user_id FROM vip EXCEPT SELECT user_id FROM abroad)
UNION
(SELECT user_id FROM abroad EXCEPT SELECT user_id FROM vip)
