-- One row is one other id of a customer: of a visitor who said who they are, or of a customer who was merged into another.
SELECT alias, any(linked.customer_id) AS customer_id
FROM identity AS linked
WHERE alias != linked.customer_id AND linked_at <= {as_of:DateTime64(3, 'UTC')}
    AND NOT startsWith(alias, 'email:') AND NOT startsWith(alias, 'phone:')
GROUP BY alias
