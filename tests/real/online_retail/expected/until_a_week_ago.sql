SELECT DISTINCT user_id FROM line WHERE t >= ago(37 * 24) AND t < ago(7 * 24)
