SELECT user_id FROM (
    SELECT user_id, first(description ORDER BY t DESC, description DESC) AS thing
    FROM line WHERE description IS NOT NULL GROUP BY user_id
) WHERE contains(thing, 'RED')
