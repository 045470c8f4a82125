CREATE TABLE payout (
    reference TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    operation TEXT NOT NULL,
    account TEXT,
    amount INTEGER,
    gross INTEGER,
    bank TEXT,
    transaction_id TEXT,
    reason TEXT,
    due_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    facts TEXT NOT NULL,
    progress TEXT NOT NULL
);
CREATE INDEX payout_due ON payout (due_at) WHERE due_at IS NOT NULL;
CREATE TABLE payout_step (
    reference TEXT NOT NULL REFERENCES payout (reference),
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    at INTEGER NOT NULL,
    reason TEXT,
    PRIMARY KEY (reference, version)
);
CREATE TABLE payout_day (
    day TEXT NOT NULL,
    scope TEXT NOT NULL,
    used INTEGER NOT NULL,
    PRIMARY KEY (day, scope)
);
