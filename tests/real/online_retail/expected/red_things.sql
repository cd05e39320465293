SELECT user_id FROM line
WHERE description LIKE '% RED %' AND description NOT LIKE '%RETROSPOT%' AND description NOT LIKE '%BAG%'
    AND quantity >= 1 AND quantity <= 24
GROUP BY user_id HAVING count(DISTINCT stock) >= 3
