//! Shortens the methods of our own client: an address is made from one that is parsed already, a header that the
//! gateway does not know is not made, and answers are read in one place.

use quote::ToTokens;
use syn::{
    Block, Expr, Macro, Stmt, Token, parse_quote,
    punctuated::Punctuated,
    visit_mut::{self, VisitMut},
};

/// Name of progenitor's map of headers.
const HEADERS: &str = "header_map";

/// Arms that every operation has: success, the two classes of refusals, and anything else.
const ARMS: [&str; 4] = ["200 ..= 299", "400u16 ..= 499u16", "500u16 ..= 599u16", "_"];

/// Rewrites the body of a method.
pub(super) fn method(block: &mut Block) {
    if let Some(Stmt::Expr(answer @ Expr::Match(_), None)) = block.stmts.last_mut()
        && has_usual_arms(answer)
    {
        *answer = parse_quote! { crate::hooks::answer(response).await };
    }
    Address.visit_block_mut(block);
    // progenitor puts the document's version there, and nothing else where an operation has no header.
    block.stmts.retain(|statement| !is_version(statement));
    let others = block.stmts.iter().any(|statement| {
        matches!(statement, Stmt::Expr(..)) && starts(statement, &format!("{HEADERS} . "))
    });
    if !others {
        let made = format!("let mut {HEADERS} ");
        block.stmts.retain(|statement| !starts(statement, &made));
        WithoutHeaders.visit_block_mut(block);
    }
}

fn has_usual_arms(answer: &Expr) -> bool {
    let Expr::Match(answer) = answer else {
        return false;
    };
    let arms = answer.arms.iter().map(|arm| arm.pat.to_token_stream());
    arms.map(|arm| arm.to_string()).eq(ARMS)
}

fn starts(statement: &Stmt, text: &str) -> bool {
    statement.to_token_stream().to_string().starts_with(text)
}

fn is_version(statement: &Stmt) -> bool {
    let text = statement.to_token_stream().to_string();
    text.starts_with(&format!("{HEADERS} . ")) && text.contains("\"api-version\"")
}

/// `format!("{}/path/{}", self.baseurl, …)` becomes an address.
struct Address;

impl VisitMut for Address {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Expr::Macro(call) = expr
            && let Some(address) = address(&call.mac)
        {
            *expr = address;
            return;
        }
        visit_mut::visit_expr_mut(self, expr);
    }
}

fn address(call: &Macro) -> Option<Expr> {
    if !call.path.is_ident("format") {
        return None;
    }
    let arguments = call
        .parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated)
        .ok()?;
    let mut arguments = arguments.into_iter();
    let (Expr::Lit(format), base) = (arguments.next()?, arguments.next()?) else {
        return None;
    };
    let syn::Lit::Str(format) = format.lit else {
        return None;
    };
    let format = format.value();
    let path = format.strip_prefix("{}")?;
    if base.to_token_stream().to_string() != "self . baseurl" {
        return None;
    }
    let arguments: Vec<Expr> = arguments.collect();
    Some(match arguments.is_empty() {
        true => parse_quote! { self.inner.address(#path) },
        false => parse_quote! { self.inner.address(&format!(#path, #(#arguments),*)) },
    })
}

struct WithoutHeaders;

impl VisitMut for WithoutHeaders {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if let Expr::MethodCall(call) = expr
            && call.method == "headers"
        {
            *expr = (*call.receiver).clone();
        }
    }
}
