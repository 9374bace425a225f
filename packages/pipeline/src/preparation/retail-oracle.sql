-- The figures of preparation, computed a second way from the rows of the file itself: no window, no list of steps.
-- A repeated line is found by grouping, a sale for each return by folding a group's movements in order of time, and each
-- reason by its own condition over the rows that earlier reasons left. The last statement gives one
-- row a figure.
CREATE TABLE firsts ENGINE = Memory AS
SELECT min(n) AS n FROM retail
GROUP BY InvoiceNo, StockCode, Quantity, UnitPrice, InvoiceDate, CustomerID;

CREATE TABLE once ENGINE = Memory AS
SELECT * FROM retail WHERE n IN (SELECT n FROM firsts);

CREATE TABLE goods ENGINE = Memory AS
SELECT * FROM once
WHERE upper(StockCode) NOT IN ('POST', 'DOT', 'M', 'D', 'S', 'B', 'C2', 'PADS', 'CRUK', 'BANK CHARGES', 'AMAZONFEE')
  AND upper(StockCode) NOT LIKE 'GIFT\\_%' AND upper(StockCode) NOT LIKE 'TEST%';

CREATE TABLE moving ENGINE = Memory AS
SELECT * FROM goods WHERE Quantity != 0;

CREATE TABLE paid ENGINE = Memory AS
SELECT * FROM moving WHERE UnitPrice > 0;

CREATE TABLE taken_back ENGINE = Memory AS
SELECT n FROM paid WHERE Quantity < 0 OR InvoiceNo LIKE 'C%';

-- the buyer, or the invoice where nobody is known
CREATE TABLE movements ENGINE = Memory AS
SELECT
    if(CustomerID = '', concat('invoice ', InvoiceNo), CustomerID) AS buyer, StockCode, UnitPrice,
    arraySort(groupArray((InvoiceDate, n IN taken_back, InvoiceNo, toString(n), n, abs(Quantity)))) AS moves
FROM paid
GROUP BY buyer, StockCode, UnitPrice
HAVING arrayExists(move -> move.2 = 1, moves);

-- folds to (what each open sale has left, the returns that found one)
CREATE TABLE folded ENGINE = Memory AS
SELECT arrayFold(
    (state, move) ->
        if(move.2 = 0,
            (arrayPushBack(state.1, toFloat64(move.6)), state.2),
            if(arrayLastIndex(rest -> rest >= move.6, state.1) = 0,
                state,
                (
                    arrayMap((rest, i) -> if(i = arrayLastIndex(other -> other >= move.6, state.1), rest - move.6, rest), state.1, arrayEnumerate(state.1)),
                    arrayPushBack(state.2, toUInt64(move.5))
                ))),
    moves,
    (CAST([], 'Array(Float64)'), CAST([], 'Array(UInt64)'))
) AS state
FROM movements;

CREATE TABLE matched ENGINE = Memory AS
SELECT arrayJoin(state.2) AS n FROM folded;

CREATE TABLE counted ENGINE = Memory AS
SELECT * FROM paid WHERE n NOT IN taken_back OR n IN matched;

SELECT 'lines_in' AS figure, toFloat64(count()) AS value FROM retail
UNION ALL SELECT 'duplicate', (SELECT count() FROM retail) - (SELECT count() FROM once)
UNION ALL SELECT 'not_a_product', (SELECT count() FROM once) - (SELECT count() FROM goods)
UNION ALL SELECT 'zero_quantity', countIf(Quantity = 0) FROM goods
UNION ALL SELECT 'zero_price', countIf(UnitPrice = 0) FROM moving
UNION ALL SELECT 'negative_price', countIf(UnitPrice < 0) FROM moving
UNION ALL SELECT 'unmatched_return', (SELECT count() FROM taken_back) - (SELECT count() FROM matched)
UNION ALL SELECT 'matched_return', count() FROM matched
UNION ALL SELECT 'anonymous', countIf(CustomerID = '') FROM counted
UNION ALL SELECT 'lines_out', count() FROM counted
UNION ALL SELECT 'orders_out', count(DISTINCT InvoiceNo) FROM counted WHERE n NOT IN taken_back
UNION ALL SELECT 'customers_out', count(DISTINCT CustomerID) FROM counted WHERE n NOT IN taken_back AND CustomerID != ''
UNION ALL SELECT 'revenue_out', sum(Quantity * UnitPrice) FROM counted
