//! The sources of a crate as a tree of modules.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
    fs,
    path::{Path, PathBuf},
};

use syn::{Attribute, Expr, ExprLit, File, Item, ItemImpl, ItemMod, Lit, Meta};

/// A crate.
pub(crate) struct Crate {
    pub(crate) name: String,
    pub(crate) root: Module,
}

/// A module, with what is written in it.
#[derive(Default)]
pub(crate) struct Module {
    /// Names from the root, which has none.
    pub(crate) path: Vec<String>,
    /// What its file says of it.
    pub(crate) docs: String,
    pub(crate) items: Vec<Item>,
    pub(crate) modules: BTreeMap<String, Module>,
}

impl Crate {
    pub(crate) fn load(name: &str, source: &Path) -> Self {
        let folder = source.parent().unwrap();
        Self {
            name: name.to_owned(),
            root: Module::read(source, folder, Vec::new()),
        }
    }

    /// All `impl` blocks, each with the module it stands in.
    pub(crate) fn impls(&self) -> Vec<(&Module, &ItemImpl)> {
        let mut found = Vec::new();
        self.root.each(&mut |module| {
            found.extend(module.items.iter().filter_map(|item| match item {
                Item::Impl(block) => Some((module, block)),
                _ => None,
            }));
        });
        found
    }

    /// The module with this path.
    pub(crate) fn module(&self, path: &[String]) -> Option<&Module> {
        path.iter()
            .try_fold(&self.root, |module, name| module.modules.get(name))
    }
}

impl Module {
    fn read(file: &Path, folder: &Path, path: Vec<String>) -> Self {
        let is_generated = file.iter().any(|part| part == "generated");
        let text = fs::read_to_string(file).unwrap();
        let text = text.replace(
            "include_str!(\"../README.md\")",
            &format!(
                "{:?}",
                fs::read_to_string(folder.join("../README.md")).unwrap_or_default()
            ),
        );
        let file = match is_generated {
            true => syn::parse_file(&text).unwrap(),
            false => parsed(text),
        };
        Self {
            docs: docs_of(&file.attrs),
            ..Self::of(file.items, folder, path)
        }
    }

    fn of(items: Vec<Item>, folder: &Path, path: Vec<String>) -> Self {
        let mut module = Self {
            path,
            ..Self::default()
        };
        for item in items {
            if is_hidden(attributes(&item)) {
                continue;
            }
            if let Item::Mod(inner) = &item {
                let name = inner.ident.to_string();
                module.modules.insert(name, module.child(inner, folder));
            }
            module.items.push(item);
        }
        module
    }

    fn child(&self, item: &ItemMod, folder: &Path) -> Self {
        let name = item.ident.to_string();
        let path = [self.path.as_slice(), std::slice::from_ref(&name)].concat();
        let inner = folder.join(&name);
        match &item.content {
            Some((_, items)) => Self::of(items.clone(), &inner, path),
            None => {
                let candidates: [PathBuf; 2] =
                    [folder.join(format!("{name}.rs")), inner.join("mod.rs")];
                let file = candidates.iter().find(|file| file.exists()).unwrap();
                Self::read(file, &inner, path)
            }
        }
    }

    /// This module and all modules in it.
    pub(crate) fn each<'a>(&'a self, visit: &mut dyn FnMut(&'a Self)) {
        visit(self);
        self.modules.values().for_each(|module| module.each(visit));
    }
}

/// A file, which is parsed once however often its crate is loaded.
fn parsed(text: String) -> File {
    thread_local!(static PARSED: RefCell<HashMap<String, File>> = RefCell::default());
    PARSED.with_borrow_mut(|parsed| {
        let parse = |text: &String| syn::parse_file(text).unwrap();
        parsed.entry(text).or_insert_with_key(parse).clone()
    })
}

/// Only for tests, or not meant for readers.
fn is_hidden(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let text = crate::text::dense(&attribute.meta);
        text == "cfg(test)" || text.starts_with("cfg(all(test") || text == "doc(hidden)"
    })
}

/// The documentation among attributes.
pub(crate) fn docs_of(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| {
        let Meta::NameValue(pair) = &attribute.meta else {
            return None;
        };
        match &pair.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) if pair.path.is_ident("doc") => Some(text.value() + "\n"),
            _ => None,
        }
    });
    lines.collect()
}

/// The attributes of an item.
pub(crate) fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
