SELECT DISTINCT user_id FROM bought
EXCEPT
SELECT user_id FROM vip_or_abroad_not_both
