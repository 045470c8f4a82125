//! Fields of a card. The number is looked at and forgotten, the others are not even looked at.

use maud::{Markup, html};

use super::Visit;

/// Browsers are not to fill in a real card.
pub(crate) fn card_fields(visit: &Visit<'_>) -> Markup {
    html! {
        label {
            span { (visit.say("Card number", "Nomor kartu")) }
            input name="card_number" inputmode="numeric" autocomplete="off" maxlength="23" required;
        }
        div.pair {
            label {
                span { (visit.say("Expiry (MM/YY)", "Masa berlaku (BB/TT)")) }
                input name="card_expiry" inputmode="numeric" autocomplete="off" maxlength="5"
                    required;
            }
            label {
                span { "CVV" }
                input name="card_cvv" inputmode="numeric" autocomplete="off" maxlength="4" required;
            }
        }
    }
}

/// A card to be typed in.
pub(crate) fn test_card(visit: &Visit<'_>) -> Markup {
    html! {
        p {
            (visit.say("A card for trying:", "Kartu untuk mencoba:")) " "
            code { "4111 1111 1111 1111" } ", " code { "12/30" } ", " code { "123" } "."
        }
    }
}
