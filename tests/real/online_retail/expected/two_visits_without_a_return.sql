SELECT DISTINCT b.user_id FROM bought_at b JOIN bought_at again USING (user_id)
WHERE b.t >= ago(24 * 90) AND again.t > b.t + to_hours(24) AND again.t <= b.t + to_hours(24 * 30) AND NOT EXISTS (
    SELECT 1 FROM returned_at r WHERE r.user_id = b.user_id AND r.t BETWEEN b.t AND again.t
)
