//! A QR code as a drawing.

use std::fmt::Write;

use maud::{Markup, html};
use qrcode::{Color, QrCode};

/// Modules of white around the code, as its standard wants.
const QUIET: usize = 4;

/// Nothing where the text does not fit into a code.
pub(crate) fn qr_code(text: &str, label: &str) -> Markup {
    let Ok(code) = QrCode::new(text) else {
        return Markup::default();
    };
    let side = code.width() + 2 * QUIET;
    let mut dark = String::new();
    for (at, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let (x, y) = (at % code.width() + QUIET, at / code.width() + QUIET);
            // Writing to a text never fails.
            let _ = write!(dark, "M{x} {y}h1v1h-1z");
        }
    }
    html! {
        svg.qr role="img" aria-label=(label) viewBox={ "0 0 " (side) " " (side) }
            shape-rendering="crispEdges" {
            rect width=(side) height=(side) fill="#fff" {}
            path d=(dark) fill="#000" {}
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// What a camera reads from the drawing.
    pub(crate) fn scanned(svg: &str) -> String {
        let number = |text: &str| text.parse::<usize>().unwrap();
        let after = |mark: &str| svg.split(mark).nth(1).unwrap();
        let side = number(after("viewBox=\"0 0 ").split(' ').next().unwrap());
        let path = after("path d=\"").split('"').next().unwrap();
        let dark: std::collections::HashSet<(usize, usize)> = path
            .split_terminator("h1v1h-1z")
            .map(|square| {
                let (x, y) = square.strip_prefix('M').unwrap().split_once(' ').unwrap();
                (number(x), number(y))
            })
            .collect();
        let scale = 4;
        let mut image =
            rqrr::PreparedImage::prepare_from_greyscale(side * scale, side * scale, |x, y| {
                let is_dark = dark.contains(&(x / scale, y / scale));
                if is_dark { 0 } else { 255 }
            });
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1);
        grids[0].decode().unwrap().1
    }

    #[test]
    fn a_camera_reads_the_text_that_was_drawn() {
        let texts = [
            "00020101021226".to_owned(),
            "Toko & \"Kopi\" <b>".to_owned(),
            "x".repeat(400),
        ];
        for text in texts {
            assert_eq!(scanned(&qr_code(&text, "QR").into_string()), text);
        }
    }

    #[test]
    fn what_fits_into_no_code_is_not_drawn() {
        assert_eq!(qr_code(&"x".repeat(10_000), "QR").into_string(), "");
    }
}
