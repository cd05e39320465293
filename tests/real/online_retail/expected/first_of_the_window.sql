SELECT DISTINCT user_id FROM line WHERE t >= ago(90 * 24) AND t < ago(60 * 24)
