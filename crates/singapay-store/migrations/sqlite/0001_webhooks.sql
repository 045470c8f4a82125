CREATE TABLE webhook_delivery (
    delivery_key TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    replayed INTEGER NOT NULL,
    due_at INTEGER,
    received_at INTEGER NOT NULL,
    finished_at INTEGER,
    kind TEXT NOT NULL,
    reference TEXT,
    body BLOB NOT NULL,
    form TEXT NOT NULL,
    key_name TEXT NOT NULL,
    partner_id TEXT,
    signed_at INTEGER NOT NULL
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (due_at) WHERE due_at IS NOT NULL;
CREATE TABLE webhook_attempt (
    delivery_key TEXT NOT NULL REFERENCES webhook_delivery (delivery_key) ON DELETE CASCADE,
    attempt INTEGER NOT NULL,
    ended TEXT NOT NULL,
    at INTEGER NOT NULL,
    reason TEXT,
    PRIMARY KEY (delivery_key, attempt)
);
