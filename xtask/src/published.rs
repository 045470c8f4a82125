//! The published documents, and what overlays make of them.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::{
    bundle,
    document::{self, METHODS, Object, items},
    error::{Error, Result},
    lower,
    overlay::{self, Applied, Overlay},
};

/// The hosts, in the order in which they are generated.
pub const HOSTS: [&str; 3] = ["payment", "biller", "identity"];

/// Documents and overlays to be tried in place of those that are checked in, by host.
pub type Trial = BTreeMap<String, (Value, String)>;

/// The document of a host.
#[derive(Debug)]
pub struct Published {
    /// The host.
    pub host: &'static str,
    /// As it was published, references replaced, and parameters of paths told of each operation; what 3.0
    /// and 3.1 say otherwise is said alike.
    pub document: Value,
    /// The security schemes.
    pub schemes: Value,
    /// What is known of it.
    pub overlay: Overlay,
    /// The document after its overlay, as far as that could be applied.
    pub corrected: Value,
    /// What became of the overlay's actions.
    pub applied: Applied,
}

/// The documents of all hosts below `root`, with those of a trial in their place.
pub fn all(root: &Path, trial: &Trial) -> Result<Vec<Published>> {
    let given = HOSTS.iter().filter_map(|host| {
        let path = root.join(vendored(host));
        let given = match trial.get(*host) {
            Some(given) => Ok(given.clone()),
            None if path.exists() => checked_in(root, host),
            None => return None,
        };
        Some(given.and_then(|(document, overlay)| Published::of(host, &document, &overlay)))
    });
    given.collect()
}

impl Published {
    /// A document of a host with the text of its overlay.
    pub fn of(host: &'static str, published: &Value, overlay: &str) -> Result<Self> {
        let mut document =
            bundle::inline(published).map_err(|error| error.after(&format!("{host}: ")))?;
        share_parameters(&mut document);
        lower::say_alike(&mut document);
        let overlay = read(host, overlay)?;
        let mut corrected = document.clone();
        Ok(Self {
            host,
            applied: overlay::apply_matching(&mut corrected, &overlay.actions),
            document,
            schemes: published["components"]["securitySchemes"].clone(),
            overlay,
            corrected,
        })
    }

    /// What could not be applied.
    pub fn unmatched(&self) -> Result<()> {
        let unmatched = self.applied.unmatched.clone();
        Error::collect("overlay", unmatched).map_err(|error| error.after(&place(self.host)))
    }
}

/// Gives the parameters of a path to its operations, where overlays look for them.
fn share_parameters(document: &mut Value) {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    let paths = paths.into_iter().flat_map(Object::values_mut);
    for item in paths.filter_map(Value::as_object_mut) {
        let Some(Value::Array(shared)) = item.remove("parameters") else {
            continue;
        };
        for (_, operation) in item
            .iter_mut()
            .filter(|(method, _)| METHODS.contains(&method.as_str()))
        {
            let own = items(operation, "parameters");
            let name = |one: &Value| ["in", "name"].map(|key| one[key].clone());
            let is_own = |one: &&Value| own.iter().any(|own| name(own) == name(one));
            let more = shared.iter().filter(|one| !is_own(one)).cloned();
            operation["parameters"] = own.iter().cloned().chain(more).collect();
        }
    }
}

/// The document of a host below `root` and its overlay.
pub fn checked_in(root: &Path, host: &str) -> Result<(Value, String)> {
    let document = document::load(&root.join(vendored(host)))?;
    Ok((document, overlay_text(root, host)?))
}

/// Reads the overlay of a host.
pub fn read(host: &str, overlay: &str) -> Result<Overlay> {
    overlay::parse(overlay).map_err(|error| error.after(&place(host)))
}

fn place(host: &str) -> String {
    format!("{}:", overlay_path(host))
}

/// Path of the overlay of a host.
pub fn overlay_path(host: &str) -> String {
    format!("spec/overlays/{host}.yaml")
}

/// The text of a host's overlay; empty if there is none.
pub fn overlay_text(root: &Path, host: &str) -> Result<String> {
    let path = root.join(overlay_path(host));
    if !path.exists() {
        return Ok(String::new());
    }
    fs::read_to_string(&path)
        .map_err(|cause| Error::new("read", format_args!("{}: {cause}", path.display())))
}

/// Path of the vendored document of a host.
pub fn vendored(host: &str) -> PathBuf {
    PathBuf::from(format!("spec/vendor/{host}.json"))
}
