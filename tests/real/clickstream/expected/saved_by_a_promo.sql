SELECT user_id FROM person
WHERE user_id IN (SELECT user_id FROM did WHERE event = 'promo_page')
    AND user_id NOT IN (SELECT user_id FROM troubled)
    AND (
        user_id IN (SELECT user_id FROM abandoned_basket)
        OR user_id IN (SELECT user_id FROM lost_at_payment)
        OR user_id IN (SELECT user_id FROM reached_shipping)
    )
