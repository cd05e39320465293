SELECT DISTINCT b.user_id FROM did b JOIN did p USING (user_id)
WHERE b.event = 'add_to_cart' AND b.t >= auckland('2024-02-01') AND p.event = 'payment_details' AND p.t >= b.t
    AND NOT EXISTS (
        SELECT 1 FROM did v WHERE v.user_id = b.user_id AND v.event = 'product_view' AND v.t BETWEEN b.t AND p.t
    )
