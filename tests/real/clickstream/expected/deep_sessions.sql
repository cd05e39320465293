WITH depth AS (SELECT user_id, count(*)::DOUBLE / count(DISTINCT session) AS value FROM did GROUP BY user_id),
usual AS (
    SELECT user_id, first(platform ORDER BY n DESC, platform) AS platform
    FROM (SELECT user_id, platform, count(*) AS n FROM did WHERE platform IS NOT NULL GROUP BY ALL) GROUP BY user_id
)
SELECT user_id FROM depth LEFT JOIN usual USING (user_id)
WHERE value >= (SELECT value FROM depth ORDER BY value DESC LIMIT 1 OFFSET (SELECT ceil(count(*) / 10) - 1 FROM depth))
    AND platform IS DISTINCT FROM 'mobile'
