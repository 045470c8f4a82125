//! Bodies of foreign documents that are sent as they are given: the generator knows one media type
//! for them, the document names another, and a multipart form chooses its boundary itself.

use serde_json::Value;
use syn::{Expr, FnArg, ImplItemFn, LitStr, parse_quote, visit_mut::VisitMut};

use crate::{document::text, generate::source, lower::RAW_BODY};

/// The media type that the generator writes.
const BYTES: &str = "application/octet-stream";

/// Writes the media type of the document into every method with such a body.
pub(crate) fn set(file: &mut syn::File, document: &Value) {
    for (operation, method) in source::methods(file, document) {
        if let Some(media) = operation.and_then(|one| text(one.get("requestBody")?, RAW_BODY)) {
            set_in(method, media);
        }
    }
}

fn set_in(method: &mut ImplItemFn, media: &str) {
    let form = media.starts_with("multipart/form-data");
    Media { media, form }.visit_block_mut(&mut method.block);
    if !form {
        return;
    }
    for argument in &mut method.sig.inputs {
        if let FnArg::Typed(argument) = argument
            && let syn::Pat::Ident(name) = &*argument.pat
            && name.ident == "body"
        {
            *argument.ty = parse_quote! { ::reqwest::multipart::Form };
        }
    }
    let generics = &mut method.sig.generics.params;
    let all = std::mem::take(generics).into_iter();
    let is_body = |one: &_| matches!(one, syn::GenericParam::Type(one) if one.ident == "B");
    *generics = all.filter(|one| !is_body(one)).collect();
}

struct Media<'a> {
    media: &'a str,
    form: bool,
}

impl VisitMut for Media<'_> {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        if self.form
            && let Expr::MethodCall(body) = &mut *expression
            && body.method == "body"
            && let Expr::MethodCall(header) = &mut *body.receiver
            && header.method == "header"
        {
            let request = &header.receiver;
            *expression = parse_quote! { #request.multipart(body) };
        }
        syn::visit_mut::visit_expr_mut(self, expression);
    }

    fn visit_lit_str_mut(&mut self, literal: &mut LitStr) {
        if literal.value() == BYTES {
            *literal = LitStr::new(self.media, literal.span());
        }
    }
}
