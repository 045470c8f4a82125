//! One side of a comparison: a specification, generated in memory.

use std::{
    collections::{BTreeMap, BTreeSet},
    iter,
    path::Path,
};

use serde_json::Value;

use super::{
    surface::{self, Surface},
    wire,
};
use crate::{
    document::{items, members, operations, request, text},
    error::{Error, Result},
    generate::{self, bodies},
    lower::{self, Profile},
    output::Output,
    pipeline,
    published::{self, Published, Trial},
    sources::{self, Source},
};

/// The addresses that the client calls.
const ADDRESSES: &str = include_str!("../../../crates/singapay-auth/src/endpoint.rs");

/// A specification, generated in memory.
#[derive(Debug, Default)]
pub struct Side {
    /// Work that has to be done before it can be generated from.
    pub(super) open: Vec<String>,
    /// Questions about changes that overlays have answered.
    pub(super) decided: BTreeSet<String>,
    /// Operations that wait for a person.
    pub(super) unconfirmed: Vec<String>,
    pub(super) documents: Vec<Published>,
    pub(super) requests: BTreeMap<String, wire::Request>,
    pub(super) surface: Surface,
    /// Generated files of the crates that are published.
    pub(super) code: Vec<Output>,
    lowered: Vec<Output>,
    /// The hand-written code that goes with it.
    pub(super) sources: &'static [Source],
}

/// An operation of a host's corrected document.
pub(super) struct Twin<'d> {
    /// How to speak of it.
    pub(super) request: String,
    /// Its path before.
    pub(super) path: &'d str,
    /// What the document before calls the same, also at another place.
    pub(super) was: &'d Value,
    pub(super) is: &'d Value,
    /// As it was published before, and is.
    pub(super) published: [&'d Value; 2],
}

/// The operations that both documents of a host have.
pub(super) fn twins<'d>(old: &'d Published, new: &'d Published) -> impl Iterator<Item = Twin<'d>> {
    operations(&new.corrected).filter_map(|(path, method, is)| {
        let id = text(is, "operationId")?;
        let mut before = operations(&old.corrected);
        let (at, by, was) = before.find(|(.., was)| text(was, "operationId") == Some(id))?;
        let request = format!("{}: {}", new.host, request(method, path));
        let published = [
            &old.document["paths"][at][by],
            &new.document["paths"][path][method],
        ];
        Some(Twin {
            request,
            path: at,
            was,
            is,
            published,
        })
    })
}

impl Side {
    /// The specification of a repository.
    pub fn of_root(root: &Path) -> Self {
        Self::of(root, &Trial::new())
    }

    /// The same with another document of one host.
    pub fn of_document(root: &Path, host: &str, document: Value, overlay: String) -> Self {
        Self::of(root, &Trial::from([(host.to_owned(), (document, overlay))]))
    }

    /// The lowered documents and the code of published crates.
    pub fn files(&self) -> impl Iterator<Item = &Output> {
        self.lowered.iter().chain(&self.code)
    }

    /// True if code could be generated.
    pub(super) fn is_whole(&self) -> bool {
        !self.code.is_empty()
    }

    fn of(root: &Path, trial: &Trial) -> Self {
        let mut side = Self::default();
        if let Err(error) = side.fill(root, trial) {
            side.open.extend(error.findings().iter().cloned());
        }
        side
    }

    fn fill(&mut self, root: &Path, trial: &Trial) -> Result<()> {
        self.sources = sources::all()?;
        self.documents = published::all(root, trial)?;
        for published in &self.documents {
            let decided = published.overlay.decided.iter();
            self.decided.extend(decided.cloned());
            self.open
                .extend(servers(published.host, &published.corrected));
        }
        let (pipeline, open) = pipeline::attempt(root, &self.documents)?;
        let open = open.iter().flat_map(Error::findings);
        self.open.extend(open.cloned());
        let waiting = pipeline.lowered.absent.iter();
        let waiting = waiting.filter(|absent| absent.reason == pipeline::UNCONFIRMED);
        self.unconfirmed = waiting.map(|absent| absent.request.clone()).collect();
        self.requests = wire::of(&pipeline.lowered);
        self.lowered = pipeline.outputs;
        let outputs = generate::outputs(&pipeline.lowered)?;
        self.surface = surface::of(&outputs, &bodies(&pipeline.lowered)?)?;
        let published = |output: &Output| output.path.starts_with("crates");
        self.code = outputs.into_iter().filter(published).collect();
        Ok(())
    }

    /// A document of another service.
    pub fn foreign(document: Value) -> Result<Self> {
        let lowered = lower::lower(document, Profile::Foreign)?;
        let text = generate::foreign(&lowered.document, lowered.events.as_ref())?;
        let mut surface = Surface::new();
        surface::read(&text, "client", &mut surface)?;
        Ok(Self {
            requests: wire::of_document(&lowered.document).into_iter().collect(),
            surface,
            code: Vec::from([Output::new("client.rs", text)]),
            ..Self::default()
        })
    }
}

/// Servers of a document that the client does not call, and addresses that it alone calls.
fn servers(host: &str, document: &Value) -> Vec<String> {
    let position = published::HOSTS.iter().position(|name| *name == host);
    let lists = ADDRESSES.split("Endpoints::known([").skip(1);
    let called: Vec<String> = lists
        .filter_map(|list| list.split('"').skip(1).step_by(2).nth(position?))
        .map(|name| format!("https://{name}"))
        .collect();
    // Paths and operations may have servers of their own.
    let paths = members(document, "paths").map(|(path, item)| (format!("{path}: "), item));
    let calls = operations(document);
    let calls = calls.map(|(path, method, one)| (format!("{method} {path}: "), one));
    let inner = paths
        .chain(calls)
        .filter(|(_, one)| !items(one, "servers").is_empty());
    let mut found = Vec::new();
    for (at, one) in iter::once((String::new(), document)).chain(inner) {
        let named: Vec<_> = items(one, "servers").iter().map(server).collect();
        for (url, description) in &named {
            let mut say = |what: &str| found.push(format!("{host}: {at}server {url} {what}"));
            match called.iter().position(|called| called == url) {
                None => say("is none that the client calls (crates/singapay-auth/src/endpoint.rs)"),
                // In the order of `Environment`.
                Some(index) if description.contains(["production", "sandbox"][index.min(1)]) => {
                    say("is the other environment for the client");
                }
                Some(_) => {}
            }
        }
        let is_named = |url: &&String| named.iter().any(|(named, _)| named == *url);
        for url in called.iter().filter(|url| !is_named(url)) {
            let finding = format!("the client calls {url}, which is no server any more");
            found.push(format!("{host}: {at}{finding}"));
        }
    }
    found
}

/// Address and description of a server.
fn server(server: &Value) -> (String, String) {
    let word = |key| text(server, key).unwrap_or_default();
    let url = word("url").trim_end_matches('/').to_owned();
    (url, word("description").to_lowercase())
}
