//! A customer's look at a page.

use http::{HeaderMap, Uri, header};

use super::Language;

pub(crate) struct Visit<'a> {
    /// Last part of the page's address.
    pub(crate) name: &'a str,
    pub(crate) language: Language,
    /// The customer chose the language on a page.
    chosen: bool,
    /// The sandbox's clock stands still.
    pub(crate) is_frozen: bool,
    form: &'a [u8],
}

impl<'a> Visit<'a> {
    pub(crate) fn new(
        name: &'a str,
        uri: &Uri,
        headers: &HeaderMap,
        is_frozen: bool,
        form: &'a [u8],
    ) -> Self {
        let query = uri.query().unwrap_or_default();
        let chosen = field(query.as_bytes(), "lang").and_then(|code| Language::of(&code));
        let wanted = headers.get(header::ACCEPT_LANGUAGE);
        let wanted = wanted.and_then(|value| value.to_str().ok());
        Self {
            name,
            language: chosen.unwrap_or_else(|| Language::preferred(wanted.unwrap_or_default())),
            chosen: chosen.is_some(),
            is_frozen,
            form,
        }
    }

    /// The one of two texts that the customer reads.
    pub(crate) fn say(&self, english: &'static str, indonesian: &'static str) -> &'static str {
        match self.language {
            Language::English => english,
            Language::Indonesian => indonesian,
        }
    }

    /// A field of the form, if something stands in it.
    pub(crate) fn field(&self, wanted: &str) -> Option<String> {
        field(self.form, wanted).filter(|value| !value.is_empty())
    }

    /// A path of this server, in the language that was chosen.
    pub(crate) fn path(&self, folder: &str, name: &str) -> String {
        let name: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
        let language = self.language.code();
        if self.chosen {
            format!("{folder}/{name}?lang={language}")
        } else {
            format!("{folder}/{name}")
        }
    }
}

fn field(form: &[u8], wanted: &str) -> Option<String> {
    form_urlencoded::parse(form)
        .find(|(key, _)| key == wanted)
        .map(|(_, value)| value.into_owned())
}

#[cfg(test)]
impl<'a> Visit<'a> {
    /// Somebody with a browser in this language, who sends this form.
    pub(crate) fn of(name: &'a str, language: Language, form: &'a str) -> Self {
        Self {
            name,
            language,
            chosen: false,
            is_frozen: false,
            form: form.as_bytes(),
        }
    }
}
