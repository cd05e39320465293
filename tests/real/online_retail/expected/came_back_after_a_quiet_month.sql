SELECT DISTINCT b.user_id FROM bought b JOIN (SELECT user_id, max(t) AS t FROM bought GROUP BY user_id) again USING (user_id)
WHERE again.t > b.t + to_hours(24 * 30) AND b.t + to_hours(24 * 30) < as_of() AND NOT EXISTS (
    SELECT 1 FROM line n
    WHERE n.user_id = b.user_id AND n.amount >= 100 AND n.t BETWEEN b.t AND b.t + to_hours(24 * 30) AND n.rowid <> b.line
)
