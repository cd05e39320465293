SELECT user_id FROM person WHERE platform <> first_platform
