CREATE TABLE payout (
    reference TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    operation TEXT NOT NULL,
    account TEXT,
    amount BIGINT,
    gross BIGINT,
    bank TEXT,
    transaction_id TEXT,
    reason TEXT,
    due_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    facts TEXT NOT NULL,
    progress TEXT NOT NULL
);
CREATE INDEX payout_due ON payout (due_at) WHERE due_at IS NOT NULL;
CREATE TABLE payout_step (
    reference TEXT NOT NULL REFERENCES payout (reference),
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    at BIGINT NOT NULL,
    reason TEXT,
    PRIMARY KEY (reference, version)
);
CREATE TABLE payout_day (
    day TEXT NOT NULL,
    scope TEXT NOT NULL,
    used BIGINT NOT NULL,
    PRIMARY KEY (day, scope)
);
