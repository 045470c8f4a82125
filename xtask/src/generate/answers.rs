//! Parts of foreign documents that the generator does not make: a success without a body beside one with a
//! body, and segments of a path that would leave their place.

use proc_macro2::Literal;
use quote::ToTokens;
use serde_json::Value;
use syn::{Expr, GenericArgument, ImplItemFn, PathArguments, ReturnType, Stmt, Type, parse_quote};

use crate::{document::items, generate::source, lower::BODYLESS};

/// Rewrites every method that needs it.
pub(crate) fn set(file: &mut syn::File, document: &Value) {
    let mut guarded = false;
    for (operation, method) in source::methods(file, document) {
        guarded |= guard(method);
        let statuses = operation.map_or(&[][..], |operation| items(operation, BODYLESS));
        let statuses = statuses.iter().filter_map(Value::as_u64);
        let statuses: Vec<_> = statuses.map(Literal::u64_unsuffixed).collect();
        if !statuses.is_empty() {
            without_body(method, &statuses);
        }
    }
    if guarded {
        file.items.push(parse_quote! {
            /// True if a path has a segment that a server would fold away.
            fn leaves_its_place(path: &str) -> bool {
                path.split('/').any(|segment| matches!(segment, "." | ".."))
            }
        });
    }
}

/// Refuses `.` and `..` after the address is made of the arguments.
fn guard(method: &mut ImplItemFn) -> bool {
    let made = method.block.stmts.iter().position(|statement| {
        let text = statement.to_token_stream().to_string();
        matches!(statement, Stmt::Local(_))
            && text.starts_with("let url")
            && text.contains("encode_path")
    });
    let Some(at) = made else { return false };
    method.block.stmts.insert(at + 1, parse_quote! {
        if leaves_its_place(&url[self.baseurl.len()..]) {
            return Err(Error::InvalidRequest("an argument is `.` or `..`, which leaves its place in the path".to_owned()));
        }
    });
    true
}

/// Gives `None` for a success without a body.
fn without_body(method: &mut ImplItemFn, statuses: &[Literal]) {
    if let ReturnType::Type(_, given) = &mut method.sig.output
        && let Some(inner) = argument(given).and_then(argument)
        && let Some(Stmt::Expr(Expr::Match(answer), _)) = method.block.stmts.last_mut()
        && let Some(success) = answer.arms.first_mut()
    {
        success.body = parse_quote! {
            match ResponseValue::<#inner>::from_response(response).await {
                Ok(value) => value.map(Some),
                Err(error) => Err(error),
            }
        };
        let empty = parse_quote! {
            #(#statuses)|* => ResponseValue::empty(response).map(|()| None),
        };
        answer.arms.insert(0, empty);
        *inner = parse_quote! { ::std::option::Option<#inner> };
    }
}

/// The first type argument of a type.
fn argument(ty: &mut Type) -> Option<&mut Type> {
    let Type::Path(path) = ty else { return None };
    match &mut path.path.segments.last_mut()?.arguments {
        PathArguments::AngleBracketed(all) => match all.args.first_mut()? {
            GenericArgument::Type(inner) => Some(inner),
            _ => None,
        },
        _ => None,
    }
}
