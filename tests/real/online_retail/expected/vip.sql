SELECT user_id FROM person
WHERE user_id IN (SELECT user_id FROM big_spenders)
    AND (
        user_id IN (SELECT user_id FROM regular_days)
        OR (user_id IN (SELECT user_id FROM pilot_of_bags) AND user_id IN (SELECT user_id FROM half))
        OR (user_id NOT IN (SELECT user_id FROM idle_thirty_days) AND country <> 'United Kingdom')
    )
    AND user_id NOT IN (SELECT user_id FROM cancelled)
    AND user_id NOT IN (SELECT user_id FROM line WHERE quantity <= -100)
