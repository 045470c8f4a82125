//! Tables, brought to their newest form.

/// Tables that belong together. Steps are only ever added: what was released does not change.
pub(crate) struct Schema {
    /// Table that keeps the versions of these tables which were made.
    pub(crate) versions: &'static str,
    /// The steps, the first one first.
    pub(crate) steps: &'static [&'static str],
}

impl Schema {
    /// Makes the table of versions.
    pub(super) fn create(&self) -> String {
        let table = self.versions;
        format!("CREATE TABLE IF NOT EXISTS {table} (version BIGINT PRIMARY KEY)")
    }

    /// Notes a version; changes nothing if it was made.
    pub(super) fn note(&self) -> String {
        let table = self.versions;
        format!("INSERT INTO {table} (version) VALUES ($1) ON CONFLICT DO NOTHING")
    }

    /// Versions, with their statements.
    pub(super) fn steps(&self) -> impl Iterator<Item = (i64, Vec<&'static str>)> {
        (1_i64..).zip(self.steps).map(|(version, step)| {
            let statements = step.split(';').map(str::trim);
            let statements = statements.filter(|statement| !statement.is_empty());
            (version, statements.collect())
        })
    }
}

/// Makes the steps that were not made, in a transaction.
macro_rules! migrate {
    ($transaction:ident, $schema:ident) => {{
        sqlx::query(&$schema.create())
            .execute(&mut *$transaction)
            .await?;
        for (version, statements) in $schema.steps() {
            let noted = sqlx::query(&$schema.note())
                .bind(version)
                .execute(&mut *$transaction)
                .await?;
            if noted.rows_affected() == 1 {
                for statement in statements {
                    sqlx::query(statement).execute(&mut *$transaction).await?;
                }
            }
        }
    }};
}
pub(super) use migrate;
