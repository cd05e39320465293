SELECT user_id FROM events WHERE event IN ('email_opened', 'push_opened') AND campaign = 'win_back' AND ts >= ago(365)
