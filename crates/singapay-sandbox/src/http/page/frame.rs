//! What stands around the content of every page.

use maud::{DOCTYPE, Markup, html};

use super::{
    Language, Visit,
    assets::{ICON, SCRIPT, STYLE},
    state::State,
};

/// A page but for its content.
pub(crate) struct Frame<'a> {
    /// For the browser's tab.
    pub(crate) title: &'a str,
    pub(crate) state: State,
    /// Words in place of the payment's own for the state.
    pub(crate) told: Option<(&'static str, &'static str)>,
}

impl<'a> Frame<'a> {
    pub(crate) fn new(title: &'a str, state: State) -> Self {
        Self {
            title,
            state,
            told: None,
        }
    }

    /// `summary` says what is asked of the customer, and `task` how it is done.
    pub(crate) fn around(&self, visit: &Visit<'_>, summary: &Markup, task: &Markup) -> Markup {
        let outcome = self.told.or_else(|| self.state.words(visit));
        let goes_on = matches!(self.state, State::Open | State::Waiting);
        whole(
            visit,
            self.title,
            &html! {
                main data-state=(self.state.word()) data-watch[goes_on] {
                    section.summary { (summary) }
                    section.task {
                        @if let Some((heading, text)) = outcome {
                            div.outcome.(self.state.word()) role="status" {
                                span.mark aria-hidden="true" {}
                                h2 { (heading) }
                                p { (text) }
                            }
                        }
                        (task)
                    }
                }
            },
        )
    }
}

/// The page where there is none.
pub(super) fn missing(visit: &Visit<'_>) -> Markup {
    let title = visit.say("Page not found", "Halaman tidak ditemukan");
    whole(
        visit,
        title,
        &html! {
            main data-state="missing" {
                section.task {
                    h1 { (title) }
                    p {
                        (visit.say(
                            "Please check the address that the shop gave you.",
                            "Periksa alamat yang diberikan toko kepada Anda.",
                        ))
                    }
                }
            }
        },
    )
}

fn whole(visit: &Visit<'_>, title: &str, main: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(visit.language.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (title) }
                link rel="stylesheet" href=(STYLE);
                link rel="icon" type="image/svg+xml" href=(ICON);
                script src=(SCRIPT) defer {}
            }
            body {
                header {
                    p.ribbon {
                        strong { "Sandbox" } " "
                        (visit.say("No real money.", "Bukan uang sungguhan."))
                    }
                    nav aria-label=(visit.say("Language", "Bahasa")) {
                        @for language in Language::ALL {
                            a lang=(language.code()) hreflang=(language.code())
                                href={ "?lang=" (language.code()) }
                                aria-current=[(language == visit.language).then_some("true")] {
                                (language.name())
                            }
                        }
                    }
                }
                (main)
                footer {
                    p {
                        (visit.say(
                            "SingaPay sandbox on this machine. Unofficial.",
                            "Sandbox SingaPay di komputer ini. Tidak resmi.",
                        ))
                    }
                }
            }
        }
    }
}
