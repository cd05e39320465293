SELECT DISTINCT v.user_id FROM events v JOIN events b USING (user_id) JOIN events p USING (user_id)
WHERE v.event = 'product_viewed' AND v.ts >= ago(90) AND b.event = 'added_to_cart' AND p.event = 'purchase'
    AND v.ts <= b.ts AND b.ts <= p.ts AND p.ts <= v.ts + to_hours(1)
