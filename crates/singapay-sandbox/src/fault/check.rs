//! Faults that could never strike are refused.

use super::{Fault, FaultAction};
use crate::http::operation::Operation;

/// Operations that are named for a misspelt one.
const SUGGESTED: usize = 3;
/// From here on two names are taken for the same one, misspelt; 1 is the same name.
const ALIKE: f64 = 0.85;

/// Reasons to refuse a fault.
///
/// For [`Sandbox::add_fault`](crate::Sandbox::add_fault).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FaultError {
    /// No operation has this id.
    #[error("no operation is called {operation:?}{}", did_you_mean(.similar))]
    UnknownOperation {
        /// The id that was given.
        operation: String,
        /// Ids that look like it, the likest first.
        similar: Vec<&'static str>,
    },
    /// Not a status with which an answer can end; those are 200 to 999.
    #[error("{0} is no status of an answer; those are 200 to 999")]
    Status(u16),
}

fn did_you_mean(similar: &[&str]) -> String {
    if similar.is_empty() {
        return String::new();
    }
    format!("; did you mean {}?", similar.join(", "))
}

impl Fault {
    pub(crate) fn check(&self, operations: &[&'static Operation]) -> Result<(), FaultError> {
        match self.action {
            FaultAction::Status(status @ (0..=199 | 1000..))
            | FaultAction::Answer {
                status: status @ (0..=199 | 1000..),
                ..
            } => return Err(FaultError::Status(status)),
            _ => {}
        }
        match &self.operation {
            Some(id) if operations.iter().all(|known| known.id != id) => {
                Err(FaultError::UnknownOperation {
                    operation: id.clone(),
                    similar: similar(operations, id),
                })
            }
            _ => Ok(()),
        }
    }
}

fn similar(operations: &[&'static Operation], id: &str) -> Vec<&'static str> {
    let mut alike: Vec<(f64, &'static str)> = operations
        .iter()
        .map(|known| (strsim::jaro_winkler(known.id, id), known.id))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .collect();
    alike.sort_by(|a, b| b.0.total_cmp(&a.0));
    alike
        .into_iter()
        .take(SUGGESTED)
        .map(|(_, id)| id)
        .collect()
}
