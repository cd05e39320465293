SELECT DISTINCT v.user_id FROM did v JOIN did b USING (user_id) JOIN did s USING (user_id) JOIN did p USING (user_id)
WHERE v.event = 'product_view' AND b.event = 'add_to_cart' AND s.event = 'shipping_details' AND p.event = 'purchase'
    AND v.t <= b.t AND b.t <= s.t AND s.t <= p.t AND p.t <= v.t + to_hours(1)
