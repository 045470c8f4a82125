//! The operations as the command knows them: by product and verb.

use std::fmt::Write as _;

use singapay::{MoneyOut, Singapay};
use singapay_core::{Operation, operation::Effect};

use super::driver::{Given, Started};
use crate::generated::calls::CALLS;

/// One operation.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) id: &'static str,
    pub(crate) product: &'static str,
    pub(crate) verb: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) is_list: bool,
    pub(crate) fields: &'static [Field],
    pub(crate) start: Start,
}

/// A field that a person can give.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) is_required: bool,
    pub(crate) about: &'static str,
}

/// Starts a call. One that pays out cannot be started without the handle for it.
#[derive(Debug)]
pub(crate) enum Start {
    Plain(fn(&Singapay, Given) -> Started),
    PaysOut(fn(&MoneyOut, Given) -> Started),
}

impl Call {
    /// Metadata of the operation.
    pub(crate) fn operation(&self) -> Option<&'static Operation> {
        singapay_api::operations::find(self.id)
    }

    pub(crate) fn pays_out(&self) -> bool {
        matches!(self.start, Start::PaysOut(_))
    }

    /// The field that a person means: a name that nothing else has may go without the object around it.
    pub(crate) fn field(&self, name: &str) -> Option<&'static Field> {
        let exact = self.fields.iter().find(|field| field.name == name);
        exact.or_else(|| {
            let inner = |field: &&Field| {
                field
                    .name
                    .rsplit_once('.')
                    .is_some_and(|(_, last)| last == name)
            };
            self.fields.iter().find(inner)
        })
    }

    /// Everything about it, in lines.
    pub(crate) fn describe(&self) -> String {
        let mut text = format!("{} {}: {}\n", self.product, self.verb, self.summary);
        if let Some(operation) = self.operation() {
            let effect = match operation.effect {
                Effect::Read => "reads only",
                Effect::Write => "changes state, moves no money",
                Effect::MoneyIn => "collects money",
                Effect::MoneyOut => "PAYS OUT: needs --pay-out and a limit",
            };
            let _ = writeln!(text, "{} {}, {effect}", operation.method, operation.path);
        }
        for field in self.fields {
            let mark = if field.is_required { "*" } else { " " };
            let _ = writeln!(text, "{mark} {}\n      {}", field.name, field.about);
        }
        text
    }
}

/// The operation of a product and a verb; its id is a verb too.
pub(crate) fn find(product: &str, verb: &str) -> Result<&'static Call, String> {
    let product = product.replace('-', "_");
    let of_product = CALLS.iter().filter(|call| call.product == product);
    let wanted = verb.replace('-', "_");
    // The id of one can be the verb of another, which is meant then.
    let by_verb = of_product.clone().find(|call| call.verb == wanted);
    if let Some(call) = by_verb.or_else(|| of_product.clone().find(|call| call.id == wanted)) {
        return Ok(call);
    }
    let verbs: Vec<&str> = of_product.map(|call| call.verb).collect();
    match verbs.is_empty() {
        true => Err(format!(
            "there is no such product; one of: {}",
            products().join(", ")
        )),
        false => Err(format!(
            "{product} has no such verb; one of: {}",
            verbs.join(", ")
        )),
    }
}

fn products() -> Vec<&'static str> {
    let mut products: Vec<&str> = CALLS.iter().map(|call| call.product).collect();
    products.sort_unstable();
    products.dedup();
    products
}

/// Products with their verbs, of all or of one.
pub(crate) fn overview(product: Option<&str>) -> Result<String, String> {
    let wanted = product.map(|product| product.replace('-', "_"));
    let mut calls: Vec<&Call> = CALLS
        .iter()
        .filter(|call| {
            wanted
                .as_deref()
                .is_none_or(|wanted| call.product == wanted)
        })
        .collect();
    if let (Some(wanted), true) = (&wanted, calls.is_empty()) {
        return find(wanted, "").map(Call::describe);
    }
    calls.sort_by_key(|call| (call.product, call.verb));
    let mut text = String::new();
    for call in calls {
        let mark = if call.pays_out() { " (pays out)" } else { "" };
        let name = format!("{} {}", call.product, call.verb);
        let _ = writeln!(text, "{name:<48} {}{mark}", call.summary);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_finds_its_own_operation() {
        for call in CALLS {
            let found = find(call.product, call.verb).map(|found| found.id);
            assert_eq!(found, Ok(call.id));
        }
    }
}
