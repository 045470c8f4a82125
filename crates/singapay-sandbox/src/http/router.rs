//! The way from a method and a path to an operation.

use std::collections::HashMap;

use super::{call::Params, operation::Operation};

/// The operation that a path and method lead to, or why there is none.
pub(crate) enum Found {
    Operation(&'static Operation, Params),
    /// The path exists, for these methods.
    OtherMethods(Vec<&'static str>),
    Nothing,
}

/// The framework's verbs, in its order.
const VERBS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/// Operations by the start of their paths, so that few of them are looked at for a request.
pub(crate) struct Routes(HashMap<&'static str, Vec<&'static Operation>>);

impl Routes {
    pub(crate) fn new(operations: &[&'static Operation]) -> Self {
        let mut routes: HashMap<_, Vec<_>> = HashMap::new();
        for &operation in operations {
            let near = routes.entry(literal_start(operation.path)).or_default();
            near.push(operation);
        }
        Self(routes)
    }

    /// Finds an operation; a literal segment wins over a parameter, and what can be read answers HEAD.
    pub(crate) fn find(&self, method: &str, path: &str) -> Found {
        let method = if method == "HEAD" { "GET" } else { method };
        let matching = self
            .near(path)
            .filter(|operation| operation.method == method);
        let best = matching
            .filter_map(|operation| Some((operation, match_path(operation.path, path)?)))
            .min_by_key(|(_, params)| params.len());
        let others: Vec<&str> = match best {
            Some((operation, params)) => return Found::Operation(operation, params),
            None => self
                .near(path)
                .filter(|operation| match_path(operation.path, path).is_some())
                .map(|operation| operation.method)
                .collect(),
        };
        match others.is_empty() {
            true => Found::Nothing,
            false => {
                let read = others.contains(&"GET");
                let takes = |verb: &&str| others.contains(verb) || (*verb == "HEAD" && read);
                Found::OtherMethods(VERBS.into_iter().filter(takes).collect())
            }
        }
    }

    /// Those whose path starts as this one does.
    fn near(&self, path: &str) -> impl Iterator<Item = &'static Operation> {
        let starts = path.match_indices('/').map(|(at, _)| &path[..=at]);
        let found = starts.chain([path]).filter_map(|start| self.0.get(start));
        found.flatten().copied()
    }
}

/// The path up to its first parameter.
fn literal_start(template: &str) -> &str {
    template.find('{').map_or(template, |at| &template[..at])
}

fn match_path(template: &'static str, path: &str) -> Option<Params> {
    let mut params = Vec::new();
    let mut given = path.split('/');
    for expected in template.split('/') {
        let segment = given.next()?;
        match expected
            .strip_prefix('{')
            .and_then(|name| name.strip_suffix('}'))
        {
            Some(name) if !segment.is_empty() => params.push((name, decode(segment))),
            _ if expected == segment => {}
            _ => return None,
        }
    }
    given.next().is_none().then_some(params)
}

/// Undoes percent encoding; `+` stays, as it does in a path.
fn decode(segment: &str) -> String {
    if !segment.contains('%') {
        return segment.to_owned();
    }
    let guarded = format!("v={}", segment.replace('+', "%2B").replace('&', "%26"));
    form_urlencoded::parse(guarded.as_bytes())
        .next()
        .map_or_else(String::new, |(_, v)| v.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{http::documented, products::PARTS};

    fn all() -> Vec<&'static Operation> {
        let modelled = PARTS.iter().flat_map(|part| part.operations);
        modelled.chain(documented::operations()).collect()
    }

    fn find(method: &str, path: &str) -> Found {
        Routes::new(&all()).find(method, path)
    }

    #[test]
    fn every_operation_is_found_by_its_path() {
        for operation in all() {
            let path = operation.path.replace(['{', '}'], "");
            let Found::Operation(found, params) = find(operation.method, &path) else {
                panic!("{} is not found", operation.id)
            };
            assert_eq!(found.id, operation.id);
            assert!(params.iter().all(|(name, value)| name == value));
        }
    }

    #[test]
    fn literal_segments_win_and_parameters_are_decoded() {
        let Found::Operation(operation, params) = find("GET", "/api/v1.0/balance-inquiry/A%2FB+C")
        else {
            panic!("not found")
        };
        assert_eq!(operation.id, "get_account_balance");
        assert_eq!(params, [("account_id", "A/B+C".to_owned())]);
        assert!(
            matches!(find("POST", "/api/v1.0/balance-inquiry"), Found::OtherMethods(m) if m == ["GET", "HEAD"])
        );
        assert!(matches!(find("GET", "/api/v1.0/banks"), Found::Nothing));
    }

    #[test]
    fn no_two_operations_share_method_and_path() {
        let mut seen = std::collections::HashSet::new();
        for operation in all() {
            assert!(
                seen.insert((operation.method, operation.path)),
                "{}",
                operation.id
            );
        }
    }
}
