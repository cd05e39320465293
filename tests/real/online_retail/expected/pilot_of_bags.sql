(SELECT user_id FROM pilot UNION SELECT user_id FROM bag_ladies)
EXCEPT
SELECT user_id FROM heavy_returns
