//! The rules of a request body: what the builder checks, and what its documentation says of them.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    builder::Builder,
    fields::{Input, Place},
};
use crate::{
    error::Made,
    generate::{shape::Shape, source, spec, types::wire_name},
    rules::{Rule, When},
};

impl<'a> Builder<'_, 'a> {
    /// The rules of the operation's body.
    pub(super) fn body_rules(&self) -> Made<Vec<Rule>> {
        let schemas = &self.model.client.host.schemas;
        match self.operation.body.and_then(|name| schemas.get(name)) {
            Some(body) => Rule::of(body),
            None => Ok(Vec::new()),
        }
    }

    /// The statements that check them; after those of the single fields.
    pub(super) fn rules(&self) -> Made<TokenStream> {
        let (mut seen, mut table, mut sums) = (Vec::new(), Vec::new(), Vec::new());
        for rule in self.body_rules()? {
            if let Rule::Sum {
                field,
                list,
                factors,
            } = &rule
            {
                sums.push(self.sum(field, list, factors)?);
                continue;
            }
            seen.extend(rule.fields().into_iter().map(ToOwned::to_owned));
            table.push(row(&rule));
        }
        seen.sort_unstable();
        seen.dedup();
        let fields = seen.iter().map(|name| {
            let value = self.view(self.ruled(name)?);
            Ok(quote! { (#name, #value) })
        });
        let fields = fields.collect::<Made<Vec<_>>>()?;
        let checked = (!table.is_empty()).then(|| {
            quote! { check.rules(&[#(#fields),*], &[#(#table),*]); }
        });
        Ok(quote! { #checked #(#sums)* })
    }

    fn ruled(&self, name: &str) -> Made<&Input<'a>> {
        let in_body = |input: &&Input<'_>| matches!(input.place, Place::Body | Place::Flattened);
        let mut inputs = self.inputs.iter().filter(in_body);
        let input = inputs.find(|input| input.name == name && !input.nullable);
        input.ok_or_else(|| format!("a rule names {name}, which no rule can see"))
    }

    fn sum(&self, field: &str, list: &str, factors: &[String]) -> Made<TokenStream> {
        let unfit = || format!("{field} is no sum over {list}");
        let (total, entries) = (self.ruled(field)?, self.ruled(list)?);
        let whole = &total.value;
        let total = number(&total.shape, &quote! { value }).ok_or_else(unfit)?;
        let entry = match &entries.shape {
            Shape::List(item) => item,
            _ => return Err(unfit()),
        };
        let structure = match &**entry {
            Shape::Named(name) => self.model.structure(name).ok_or_else(unfit)?,
            _ => return Err(unfit()),
        };
        let factors = factors.iter().map(|factor| {
            let mut members = structure.fields.iter();
            let member = members.find(|member| wire_name(member) == *factor);
            let ident = member.and_then(|member| member.ident.as_ref());
            let shape = member.and_then(|member| Shape::of(&member.ty));
            number(&shape?, &quote! { item.#ident })
        });
        let factors = factors.collect::<Option<Vec<_>>>().ok_or_else(unfit)?;
        let items = &entries.value;
        Ok(quote! {
            let total = #whole.copied().map(|value| #total);
            check.sum(#field, total, (#list, #items), |item| [#(#factors),*]);
        })
    }

    /// View that rules have of an input.
    fn view(&self, input: &Input<'_>) -> TokenStream {
        let value = &input.value;
        let schemas = &self.model.client.host.schemas;
        match &input.shape {
            Shape::Text => quote! { FieldValue::text(#value.map(String::as_str)) },
            Shape::Core(path) if path.ends_with("Sensitive") => {
                quote! { FieldValue::text(#value.map(Sensitive::expose)) }
            }
            Shape::Named(_) if spec::is_enum_of(input.schema, schemas) => {
                quote! { FieldValue::text(#value.map(|value| value.as_str())) }
            }
            Shape::Boolean => quote! { FieldValue::flag(#value.copied()) },
            Shape::List(_) => quote! { FieldValue::list(#value) },
            shape => match number(shape, &quote! { value }) {
                Some(number) => quote! { FieldValue::number(#value.copied().map(|value| #number)) },
                None => quote! { FieldValue::given(#value.is_some()) },
            },
        }
    }
}

/// A whole number of this shape as `i64`.
fn number(shape: &Shape, value: &TokenStream) -> Option<TokenStream> {
    match shape {
        Shape::Integer => Some(value.clone()),
        Shape::Core(path) if path.ends_with("Rupiah") => Some(quote! { #value.value() }),
        _ => None,
    }
}

/// A row of the table that `validation::Rule` explains.
fn row(rule: &Rule) -> TokenStream {
    let kind = source::variant(rule);
    match rule {
        Rule::RequiredIf { fields, when } | Rule::ForbiddenIf { fields, when } => {
            let when = condition(when);
            quote! { Rule::#kind { fields: &[#(#fields),*], when: #when } }
        }
        Rule::Together { fields } | Rule::AtLeastOne { fields } | Rule::AtMostOne { fields } => {
            quote! { Rule::#kind { fields: &[#(#fields),*] } }
        }
        Rule::OneOf {
            field,
            values,
            when,
        } => {
            let when = source::option(when.as_ref().map(condition));
            quote! { Rule::#kind { field: #field, values: &[#(#values),*], when: #when } }
        }
        Rule::NotBelow { field, other } => {
            quote! { Rule::#kind { field: #field, other: #other } }
        }
        Rule::Sum { .. } => quote! {},
    }
}

fn condition(when: &When) -> TokenStream {
    let (values, among) = when.values();
    let field = &when.field;
    let default = source::option(when.default.as_ref());
    quote! {
        When { field: #field, values: &[#(#values),*], among: #among, default: #default }
    }
}

/// The rules about a field in words, for its documentation.
pub(super) fn sentences(rules: &[Rule], name: &str) -> String {
    let about = rules.iter().filter(|rule| rule.subjects().contains(&name));
    let sentences = about.map(|rule| match rule {
        Rule::RequiredIf { when, .. } => format!("Required where {}.", words(when)),
        Rule::ForbiddenIf { when, .. } => format!("Not where {}.", words(when)),
        Rule::Together { fields } => format!("Together with {}.", others(fields, name)),
        Rule::AtLeastOne { fields } => format!("This or {} is required.", others(fields, name)),
        Rule::AtMostOne { fields } => format!("Not beside {}.", others(fields, name)),
        Rule::OneOf { values, when, .. } => {
            let values = listed(values);
            match when {
                Some(when) => format!("One of {values} where {}.", words(when)),
                None => format!("One of {values}."),
            }
        }
        Rule::NotBelow { field, other } if field == name => format!("Not below `{other}`."),
        Rule::NotBelow { field, .. } => format!("Not above `{field}`."),
        Rule::Sum { field, list, .. } if field == name => format!("The sum of `{list}`."),
        Rule::Sum { field, .. } => format!("Their sum is `{field}`."),
    });
    sentences.collect::<Vec<_>>().join(" ")
}

fn words(when: &When) -> String {
    let (values, among) = when.values();
    let is = match (among, values) {
        (true, values) => format!("is {}", listed(values)),
        (false, []) => "is given".to_owned(),
        (false, values) => format!("is not {}", listed(values)),
    };
    format!("`{}` {is}", when.field)
}

fn others(fields: &[String], name: &str) -> String {
    listed(fields.iter().filter(|field| *field != name))
}

fn listed<'v>(values: impl IntoIterator<Item = &'v String>) -> String {
    let quoted = values.into_iter().map(|value| format!("`{value}`"));
    quoted.collect::<Vec<_>>().join(", ")
}
