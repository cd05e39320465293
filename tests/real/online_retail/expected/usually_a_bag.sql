SELECT user_id FROM (
    SELECT user_id, first(stock ORDER BY n DESC, stock) AS stock
    FROM (SELECT user_id, stock, count(*) AS n FROM bought WHERE t >= ago(24 * 365) GROUP BY ALL) GROUP BY user_id
) WHERE starts_with(stock, '85')
