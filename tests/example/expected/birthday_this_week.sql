SELECT user_id FROM users
WHERE EXISTS (
    SELECT 1 FROM range(7) AS ahead (days)
    WHERE strftime(local_today() + days::INTEGER, '%m-%d') = CASE
        WHEN strftime(birthday, '%m-%d') = '02-29' AND NOT (year(local_today()) % 4 = 0) THEN '03-01'
        ELSE strftime(birthday, '%m-%d')
    END
)
