SELECT
    count(*) > 3000 AS many_lines,
    bool_and(amount = (price::DECIMAL(12, 2) * quantity)::DOUBLE) AS price_times_quantity_to_the_cent,
    bool_and(discount IS NULL OR discount < amount) AS discounts_are_less,
    bool_and((discount > 0) IS NOT DISTINCT FROM CASE WHEN event = 'purchase' THEN coupon IS NOT NULL END)
        AS discounts_have_coupons
FROM events JOIN products USING (product_id)
WHERE event IN ('purchase', 'return', 'added_to_cart')
