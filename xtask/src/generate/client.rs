//! Runs progenitor over a lowered document.

use std::panic::AssertUnwindSafe;

use openapiv3::OpenAPI;
use progenitor::{
    CrateVers, GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle, TypeImpl,
};
use quote::quote;
use serde::Deserialize;
use serde_json::Value;

use crate::{
    error::{Error, Result},
    generate::{
        STEP,
        spec::{self, Schemas},
    },
};

/// Starts the message about a panic; each is a construct that lowering has to refuse by name.
pub(crate) const PANICKED: &str = "the generator gave up";

/// Output of progenitor for one document: types and client, not yet polished.
///
/// `types` is where the open enums are found, as seen from the generated code.
pub(crate) fn raw(document: &Value, schemas: &Schemas<'_>, types: &str) -> Result<syn::File> {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_tag(TagStyle::Merged)
        // Without the hooks requests would go out unsigned: their absence must not compile.
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote! { crate::hooks::Inner })
        .with_crate("singapay-core", CrateVers::Any, None);
    for (name, _) in schemas.enums() {
        let impls = [TypeImpl::Display, TypeImpl::FromStr].into_iter();
        settings.with_replacement(name, format!("{types}::{name}"), impls);
    }
    let anything = schemas
        .iter()
        .filter(|(_, schema)| spec::is_anything(schema));
    for (name, _) in anything {
        settings.with_replacement(name, "::serde_json::Value", std::iter::empty());
    }
    let spec = OpenAPI::deserialize(document).map_err(|error| Error::new(STEP, error))?;
    let mut generator = Generator::new(&settings);
    let tokens =
        caught(|| generator.generate_tokens(&spec))?.map_err(|error| Error::new(STEP, error))?;
    syn::parse2(tokens).map_err(|error| Error::new(STEP, error))
}

/// Runs a part of progenitor, which panics about some documents instead of giving an error.
pub(crate) fn caught<T>(run: impl FnOnce() -> T) -> Result<T> {
    std::panic::catch_unwind(AssertUnwindSafe(run)).map_err(|payload| {
        let message = payload
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| payload.downcast_ref::<&str>().copied())
            .unwrap_or("no message");
        Error::new(STEP, format_args!("{PANICKED}: {message}"))
    })
}
