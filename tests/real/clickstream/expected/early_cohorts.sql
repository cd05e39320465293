SELECT user_id FROM person WHERE cohort IN ('2024-01', '2024-02') AND channel <> 'organic'
