SELECT user_id FROM users
WHERE 2 * 6371008.8 * asin(sqrt(
    pow(sin(radians(address.lat - 45.764) / 2), 2)
    + cos(radians(45.764)) * cos(radians(address.lat)) * pow(sin(radians(address.lon - 4.8357) / 2), 2)
)) <= 25000
