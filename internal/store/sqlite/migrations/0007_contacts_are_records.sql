-- +goose Up

-- Where an owner wants to be told is a record of hers from now on, in the form that the package notice reads.
-- An address of nobody, as an erase in the midst of a write could leave it, is not carried over.
INSERT INTO records (kind, key, owner, version, body)
SELECT 'contact', connection_id, connection_id, 1,
    CAST(json_object('address', address, 'asked_at', asked_at, 'confirmed_at', confirmed_at) AS BLOB)
FROM contacts WHERE connection_id IN (SELECT id FROM connections);

DROP TABLE contacts;
