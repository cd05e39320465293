SELECT DISTINCT user_id FROM bought WHERE stock IN ('22138', '22139', '22699') AND t >= ago(200 * 24)
