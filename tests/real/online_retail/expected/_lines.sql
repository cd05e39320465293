-- Every line that has a customer, from the raw files. `as_of`, `files` and `last_file` are set by the test.
-- The instants are UTC, the days London's; money is exact decimal, and beside it the double that a file reader sees.
SET TimeZone = 'UTC';
CREATE OR REPLACE MACRO as_of() AS getvariable('as_of')::TIMESTAMPTZ;
CREATE OR REPLACE MACRO ago(hours) AS as_of() - to_hours(hours);
CREATE OR REPLACE MACRO london(written) AS timezone('Europe/London', written::TIMESTAMP);
CREATE OR REPLACE MACRO midnight(days_before) AS
    timezone('Europe/London', (timezone('Europe/London', as_of())::DATE - days_before::INTEGER)::TIMESTAMP);
CREATE OR REPLACE TABLE every_line AS
SELECT
    CustomerID.replace('.0', '') AS user_id,
    timezone('Europe/London', InvoiceDate::TIMESTAMP) AS t,
    InvoiceDate::TIMESTAMP::DATE AS day,
    parse_filename(filename, true)::DATE AS file_day,
    InvoiceNo AS invoice,
    StockCode AS stock,
    Description AS description,
    Quantity::BIGINT AS quantity,
    UnitPrice::DECIMAL(18, 3) AS price,
    UnitPrice::DECIMAL(18, 3) * Quantity::BIGINT AS amount,
    UnitPrice::DOUBLE * Quantity::DOUBLE AS amount_double,
    Country AS country
FROM read_csv(getvariable('files'), header = true, all_varchar = true, filename = true)
WHERE CustomerID IS NOT NULL;
