//! One line for each public item that can be reached.

use syn::{Attribute, Fields, ImplItem, Item, ItemTrait, TraitItem, UseTree};

use crate::{
    krate::{Crate, Module, attributes, docs_of},
    macros,
    names::{
        generics, header, is_public, leaves, public_name, self_name, shown, signature, trait_name,
    },
    text::dense,
};

/// Path under which an item is seen, and its line.
pub(crate) type Line = (String, String);

/// The lines of a crate.
pub(crate) fn of(krate: &Crate) -> Vec<Line> {
    and_docs(krate).0
}

/// The lines of a crate, and what is said of each path.
pub(crate) fn and_docs(krate: &Crate) -> (Vec<Line>, Vec<Line>) {
    let mut api = Api {
        krate,
        lines: Vec::new(),
        docs: vec![(krate.name.clone(), krate.root.docs.clone())],
    };
    api.module(&krate.root, &krate.name);
    (api.lines, api.docs)
}

struct Api<'a> {
    krate: &'a Crate,
    lines: Vec<Line>,
    docs: Vec<Line>,
}

impl<'a> Api<'a> {
    fn line(&mut self, path: &str, attributes: &[Attribute], text: String) {
        let shown = attributes
            .iter()
            .filter_map(shown)
            .map(|attribute| attribute + " ");
        self.lines
            .push((path.to_owned(), shown.collect::<String>() + &text));
        self.docs.push((path.to_owned(), docs_of(attributes)));
    }

    /// All public items of a module, as seen at `at`.
    fn module(&mut self, module: &Module, at: &str) {
        for item in &module.items {
            match item {
                Item::Use(import) if is_public(&import.vis) => {
                    self.import(module, &import.tree, Vec::new(), at, &import.attrs);
                }
                Item::Macro(_) => {
                    for name in macros::made_by(item) {
                        self.named(module, &name, &name, at);
                    }
                }
                item => {
                    if let Some(name) = public_name(item) {
                        self.item(module, item, &format!("{at}::{name}"));
                    }
                }
            }
        }
    }

    fn import(
        &mut self,
        module: &Module,
        tree: &UseTree,
        mut path: Vec<String>,
        at: &str,
        attrs: &[Attribute],
    ) {
        match tree {
            UseTree::Path(inner) => {
                path.push(inner.ident.to_string());
                self.import(module, &inner.tree, path, at, attrs);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(module, tree, path.clone(), at, attrs);
                }
            }
            UseTree::Name(name) => {
                let name = name.ident.to_string();
                self.imported(module, path, &name, &name, at, attrs);
            }
            UseTree::Rename(rename) => {
                let (name, alias) = (rename.ident.to_string(), rename.rename.to_string());
                self.imported(module, path, &name, &alias, at, attrs);
            }
            UseTree::Glob(_) => match self.resolve(module, &path) {
                Some(target) => self.module(target, at),
                None => {
                    let from = path.join("::");
                    self.line(at, attrs, format!("pub use {at}::* = {from}::*"));
                }
            },
        }
    }

    fn imported(
        &mut self,
        module: &Module,
        path: Vec<String>,
        name: &str,
        alias: &str,
        at: &str,
        attrs: &[Attribute],
    ) {
        match self.resolve(module, &path) {
            Some(target) => self.named(target, name, alias, at),
            None => {
                let (at, from) = (format!("{at}::{alias}"), path.join("::"));
                self.line(&at, attrs, format!("pub use {at} = {from}::{name}"));
            }
        }
    }

    /// The item of this name in a module, wherever it comes from.
    fn named(&mut self, module: &Module, name: &str, alias: &str, at: &str) {
        let path = format!("{at}::{alias}");
        for item in &module.items {
            if public_name(item).as_deref() == Some(name) {
                return self.item(module, item, &path);
            }
            if macros::made_by(item).iter().any(|made| made == name) {
                for (inner, attributes, line) in macros::lines(item, name, &path) {
                    self.line(&inner, &attributes, line);
                }
                return self.impls(module, name, &path);
            }
        }
        for item in &module.items {
            let Item::Use(import) = item else { continue };
            let mut found = Vec::new();
            leaves(&import.tree, Vec::new(), &mut found);
            for (from, inner, seen) in found {
                let from = match inner.as_deref() {
                    Some(inner) if seen.as_deref() == Some(name) => Some((from, inner.to_owned())),
                    None => Some((from, name.to_owned())),
                    _ => None,
                };
                let Some((from, inner)) = from else { continue };
                match self.resolve(module, &from) {
                    Some(target) if target.path != module.path => {
                        return self.named(target, &inner, alias, at);
                    }
                    Some(_) => {}
                    None => {
                        let from = from.join("::");
                        return self.line(&path, &[], format!("pub use {path} = {from}::{inner}"));
                    }
                }
            }
        }
        panic!("{}::{name} is not found", module.path.join("::"));
    }

    /// The module of this crate that a path leads to.
    fn resolve(&self, module: &Module, path: &[String]) -> Option<&'a Module> {
        let (mut found, rest) = match path.first().map(String::as_str) {
            None => return self.krate.module(&module.path),
            Some("crate") => (Vec::new(), &path[1..]),
            Some("self") => (module.path.clone(), &path[1..]),
            Some("super") => (module.path[..module.path.len() - 1].to_vec(), &path[1..]),
            Some(name) if module.modules.contains_key(name) => (module.path.clone(), path),
            Some(_) => return None,
        };
        found.extend_from_slice(rest);
        self.krate.module(&found)
    }

    fn item(&mut self, module: &Module, item: &Item, at: &str) {
        let attrs = attributes(item);
        match item {
            Item::Mod(inner) => {
                self.line(at, attrs, format!("pub mod {at}"));
                let inner = &module.modules[&inner.ident.to_string()];
                self.docs.push((at.to_owned(), inner.docs.clone()));
                self.module(inner, at);
            }
            Item::Struct(item) => {
                let mut text = format!("pub struct {at}{}", generics(&item.generics));
                if let Fields::Unnamed(fields) = &item.fields {
                    let fields = fields
                        .unnamed
                        .iter()
                        .map(|field| match is_public(&field.vis) {
                            true => dense(&field.ty),
                            false => "_".to_owned(),
                        });
                    text.push_str(&format!("({})", fields.collect::<Vec<_>>().join(", ")));
                }
                self.line(at, attrs, text);
                for field in item.fields.iter().filter(|field| is_public(&field.vis)) {
                    if let Some(name) = &field.ident {
                        let at = format!("{at}::{name}");
                        self.line(&at, &field.attrs, format!("pub {at}: {}", dense(&field.ty)));
                    }
                }
                self.impls(module, &item.ident.to_string(), at);
            }
            Item::Enum(item) => {
                self.line(
                    at,
                    attrs,
                    format!("pub enum {at}{}", generics(&item.generics)),
                );
                for variant in &item.variants {
                    let at = format!("{at}::{}", variant.ident);
                    let fields = dense(&variant.fields);
                    self.line(&at, &variant.attrs, format!("{at}{fields}"));
                }
                self.impls(module, &item.ident.to_string(), at);
            }
            Item::Trait(item) => self.trait_(item, at),
            Item::Fn(item) => self.line(at, attrs, format!("pub {}", signature(&item.sig, at))),
            Item::Const(item) => {
                self.line(at, attrs, format!("pub const {at}: {}", dense(&item.ty)));
            }
            Item::Static(item) => {
                self.line(at, attrs, format!("pub static {at}: {}", dense(&item.ty)));
            }
            Item::Type(item) => {
                let (generics, ty) = (generics(&item.generics), dense(&item.ty));
                self.line(at, attrs, format!("pub type {at}{generics} = {ty}"));
            }
            other => panic!("{at}: {}", dense(other)),
        }
    }

    fn trait_(&mut self, item: &ItemTrait, at: &str) {
        let supertraits = match item.supertraits.is_empty() {
            true => String::new(),
            false => format!(": {}", dense(&item.supertraits)),
        };
        let generics = generics(&item.generics);
        self.line(
            at,
            &item.attrs,
            format!("pub trait {at}{generics}{supertraits}"),
        );
        for member in &item.items {
            match member {
                TraitItem::Fn(method) => {
                    let at = format!("{at}::{}", method.sig.ident);
                    let given = if method.default.is_some() {
                        " { .. }"
                    } else {
                        ""
                    };
                    let text = format!("{}{given}", signature(&method.sig, &at));
                    self.line(&at, &method.attrs, text);
                }
                other => self.line(at, &[], format!("{at}: {}", dense(other))),
            }
        }
        let name = item.ident.to_string();
        let implemented: Vec<String> = self
            .krate
            .impls()
            .into_iter()
            .filter(|(_, block)| trait_name(block).as_deref() == Some(&name))
            .map(|(_, block)| header(block, &dense(&block.self_ty)))
            .collect();
        for text in implemented {
            self.line(at, &[], text);
        }
    }

    /// Abilities of a type: its methods and traits.
    fn impls(&mut self, module: &Module, name: &str, at: &str) {
        let krate = self.krate;
        let twins = krate.definitions(name);
        for (place, block) in krate.impls() {
            let own = self_name(block).as_deref() == Some(name)
                && (twins == 1 || place.path == module.path);
            if !own {
                continue;
            }
            if block.trait_.is_some() {
                self.line(at, &block.attrs, header(block, at));
                continue;
            }
            for member in &block.items {
                match member {
                    ImplItem::Fn(method) if is_public(&method.vis) => {
                        let at = format!("{at}::{}", method.sig.ident);
                        let text = format!("pub {}", signature(&method.sig, &at));
                        self.line(&at, &method.attrs, text);
                    }
                    ImplItem::Const(item) if is_public(&item.vis) => {
                        let at = format!("{at}::{}", item.ident);
                        self.line(
                            &at,
                            &item.attrs,
                            format!("pub const {at}: {}", dense(&item.ty)),
                        );
                    }
                    _ => {}
                }
            }
        }
        for (made, told) in macros::applied_to(krate, name) {
            self.line(at, &[], format!("{made}!({at}{told})"));
        }
    }
}

impl Crate {
    /// Number of types that have this name.
    fn definitions(&self, name: &str) -> usize {
        let mut count = 0;
        self.root.each(&mut |module| {
            count += module
                .items
                .iter()
                .filter(|item| match item {
                    Item::Struct(item) => item.ident == name,
                    Item::Enum(item) => item.ident == name,
                    item => macros::made_by(item).iter().any(|made| made == name),
                })
                .count();
        });
        count
    }
}
