SELECT user_id FROM users
WHERE country = 'FR' AND left(address.postcode, 2) IN ('75', '77', '78', '91', '92', '93', '94', '95')
