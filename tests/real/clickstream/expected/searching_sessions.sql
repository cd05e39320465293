SELECT user_id FROM did
WHERE event IN ('search', 'filter_results') AND lifecycle <> 'new'
    AND (channel LIKE 'org%' OR channel LIKE 'dir%' OR platform = 'desktop')
GROUP BY user_id HAVING count(DISTINCT session) >= 2
