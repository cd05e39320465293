SELECT DISTINCT user_id FROM line
WHERE contains(lower(description), 'set 12') OR contains(lower(description), 'set of 12')
    OR contains(lower(description), 'pack of 12')
