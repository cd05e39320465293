SELECT DISTINCT b.user_id FROM bought_at b JOIN returned_at r USING (user_id)
WHERE b.t >= ago(24 * 180) AND r.t >= b.t AND r.t <= b.t + to_hours(24 * 30)
