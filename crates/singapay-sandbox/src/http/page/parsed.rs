//! A page as a browser's parser understands it.

use html5ever::{parse_document, tendril::TendrilSink};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

enum What {
    Element {
        name: String,
        attributes: Vec<(String, String)>,
    },
    Text(String),
    Other(&'static str),
}

/// All nodes with their depth, in the order of the document.
pub(crate) struct Parsed {
    nodes: Vec<(usize, What)>,
    pub(crate) errors: Vec<String>,
}

/// Attributes whose value is the page's own; of the others only the name belongs to the structure.
const OWN: [&str; 6] = ["class", "data-state", "lang", "name", "role", "type"];

impl Parsed {
    pub(crate) fn of(html: &str) -> Self {
        let dom = parse_document(RcDom::default(), Default::default()).one(html);
        let mut nodes = Vec::new();
        flatten(&dom.document, 0, &mut nodes);
        let errors = dom
            .errors
            .borrow()
            .iter()
            .map(ToString::to_string)
            .collect();
        Self { nodes, errors }
    }

    pub(crate) fn elements(&self) -> impl Iterator<Item = Element<'_>> {
        self.nodes
            .iter()
            .enumerate()
            .filter_map(|(at, (depth, what))| match what {
                What::Element { name, attributes } => Some(Element {
                    name,
                    attributes,
                    inside: inside(&self.nodes, at, *depth),
                }),
                _ => None,
            })
    }

    pub(crate) fn first(&self, name: &str) -> Element<'_> {
        self.elements()
            .find(|element| element.name == name)
            .unwrap()
    }

    /// Every element with its depth and attributes, in one text; the language is left out.
    pub(crate) fn structure(&self) -> String {
        let told = self.nodes.iter().filter_map(|(depth, what)| match what {
            What::Element { name, attributes } => {
                let told = attributes.iter().map(|(name, value)| {
                    let is_own = OWN.contains(&name.as_str());
                    format!(" {name}={}", if is_own { value } else { "" })
                });
                Some(format!("{depth} {name}{}\n", told.collect::<String>()))
            }
            What::Text(_) => None,
            What::Other(what) => Some(format!("{depth} {what}\n")),
        });
        let told: String = told.collect();
        told.replace("html lang=id", "html lang=en")
            .replacen(" aria-current=", "", 1)
    }
}

pub(crate) struct Element<'a> {
    pub(crate) name: &'a str,
    pub(crate) attributes: &'a [(String, String)],
    inside: &'a [(usize, What)],
}

impl Element<'_> {
    pub(crate) fn attribute(&self, wanted: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.as_str())
    }

    /// All text below it.
    pub(crate) fn text(&self) -> String {
        let texts = self.inside.iter().filter_map(|(_, what)| match what {
            What::Text(text) => Some(text.as_str()),
            _ => None,
        });
        texts.collect()
    }
}

fn inside(nodes: &[(usize, What)], at: usize, depth: usize) -> &[(usize, What)] {
    let after = &nodes[at + 1..];
    let end = after.iter().position(|(other, _)| *other <= depth);
    &after[..end.unwrap_or(after.len())]
}

fn flatten(node: &Handle, depth: usize, into: &mut Vec<(usize, What)>) {
    let what = match &node.data {
        NodeData::Document => None,
        NodeData::Element { name, attrs, .. } => {
            let attributes = attrs.borrow();
            let attributes = attributes.iter();
            Some(What::Element {
                name: name.local.to_string(),
                attributes: attributes
                    .map(|one| (one.name.local.to_string(), one.value.to_string()))
                    .collect(),
            })
        }
        NodeData::Text { contents } => Some(What::Text(contents.borrow().to_string())),
        NodeData::Doctype { .. } => Some(What::Other("doctype")),
        NodeData::Comment { .. } => Some(What::Other("comment")),
        NodeData::ProcessingInstruction { .. } => Some(What::Other("instruction")),
    };
    into.extend(what.map(|what| (depth, what)));
    for child in node.children.borrow().iter() {
        flatten(child, depth + 1, into);
    }
}
