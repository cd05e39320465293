SELECT DISTINCT user_id FROM bought WHERE t >= auckland('2024-03-10') AND t < auckland('2024-04-22')
