-- One row is one pair of customers who share one key. A key that more than {block} share says nothing of a person (a form's
-- default, a shop's own number): it is passed over, and counted.
INSERT INTO duplicates_candidates
SELECT left, arrayJoin(arraySlice(numbers, place + 1)) AS right
FROM
(
    SELECT arraySort(groupArray({{block_and_one}})(n)) AS numbers
    FROM duplicates_people
    WHERE ({{key}}) != ''
    GROUP BY {{key}}
    HAVING length(numbers) BETWEEN 2 AND {block:UInt32}
)
ARRAY JOIN numbers AS left, arrayEnumerate(numbers) AS place
