SELECT DISTINCT user_id FROM bought WHERE t >= new_york('2024-03-10') AND t < new_york('2024-04-22')
