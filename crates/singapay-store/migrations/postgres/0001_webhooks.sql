CREATE TABLE webhook_delivery (
    delivery_key TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    replayed BIGINT NOT NULL,
    due_at BIGINT,
    received_at BIGINT NOT NULL,
    finished_at BIGINT,
    kind TEXT NOT NULL,
    reference TEXT,
    body BYTEA NOT NULL,
    form TEXT NOT NULL,
    key_name TEXT NOT NULL,
    partner_id TEXT,
    signed_at BIGINT NOT NULL
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (due_at) WHERE due_at IS NOT NULL;
CREATE TABLE webhook_attempt (
    delivery_key TEXT NOT NULL REFERENCES webhook_delivery (delivery_key) ON DELETE CASCADE,
    attempt BIGINT NOT NULL,
    ended TEXT NOT NULL,
    at BIGINT NOT NULL,
    reason TEXT,
    PRIMARY KEY (delivery_key, attempt)
);
