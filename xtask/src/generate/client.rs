//! Runs progenitor over a lowered document.

use proc_macro2::TokenStream;
use progenitor::{
    CrateVers, GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle, TypeImpl,
};
use quote::quote;
use serde_json::Value;

use crate::{
    error::{Error, Result},
    generate::{
        STEP,
        spec::{self, Schemas},
    },
};

/// Generator set up for one document, and the document as progenitor reads it.
///
/// `types` is where the open enums are found, as seen from the generated code.
pub(crate) fn generator(
    document: &Value,
    schemas: &Schemas<'_>,
    types: &str,
) -> Result<(Generator, openapiv3::OpenAPI)> {
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
    for (name, _) in schemas
        .iter()
        .filter(|(_, schema)| spec::is_anything(schema))
    {
        settings.with_replacement(name, "::serde_json::Value", std::iter::empty());
    }
    let spec = openapiv3::OpenAPI::deserialize_from(document)?;
    Ok((Generator::new(&settings), spec))
}

/// What progenitor makes of one document: types and client, not yet polished.
pub(crate) fn raw(document: &Value, schemas: &Schemas<'_>, types: &str) -> Result<syn::File> {
    let (mut generator, spec) = generator(document, schemas, types)?;
    parse(
        generator
            .generate_tokens(&spec)
            .map_err(|error| Error::new(STEP, error))?,
    )
}

/// Parses tokens of a whole file.
pub(crate) fn parse(tokens: TokenStream) -> Result<syn::File> {
    syn::parse2(tokens).map_err(|error| Error::new(STEP, error))
}

trait DeserializeFrom: Sized {
    fn deserialize_from(document: &Value) -> Result<Self>;
}

impl DeserializeFrom for openapiv3::OpenAPI {
    fn deserialize_from(document: &Value) -> Result<Self> {
        serde::Deserialize::deserialize(document).map_err(|error| Error::new(STEP, error))
    }
}
