use singapay_core::envelope::Page;

use super::walk::Walk;

fn page(change: impl FnOnce(&mut Page)) -> Option<Page> {
    let mut page = Page::default();
    change(&mut page);
    Some(page)
}

/// Takes pages of (metadata, rows, fingerprint) and tells what came of it.
fn walk(pages: &[(Option<Page>, usize, u64)]) -> (Result<(), &'static str>, Option<i64>) {
    let mut walk = Walk::new(1);
    let mut result = Ok(());
    for (metadata, rows, fingerprint) in pages {
        result = walk.step(metadata.as_ref(), *rows, || *fingerprint);
    }
    (result, walk.next())
}

#[test]
fn every_way_to_say_where_a_list_ends_is_understood() {
    let totals = |total, size| page(|page| (page.total, page.per_page) = (Some(total), Some(size)));
    for (pages, next) in [
        (
            vec![(page(|page| page.total_pages = Some(2)), 25, 1)],
            Some(2),
        ),
        (vec![(page(|page| page.total_pages = Some(1)), 25, 1)], None),
        (vec![(page(|page| page.total_pages = Some(0)), 0, 1)], None),
        (vec![(totals(26, 25), 25, 1)], Some(2)),
        (vec![(totals(25, 25), 25, 1)], None),
        (vec![(totals(0, 25), 0, 1)], None),
        (vec![(page(|page| page.total = Some(3)), 2, 1)], Some(2)),
        (vec![(page(|page| page.total = Some(3)), 3, 1)], None),
        // A size of nothing says nothing.
        (vec![(totals(3, 0), 3, 1)], None),
        (vec![(totals(3, 0), 2, 1)], Some(2)),
        (
            vec![(page(|page| page.next = Some("n".to_owned())), 9, 1)],
            Some(2),
        ),
        (
            vec![(page(|page| page.previous = Some("p".to_owned())), 9, 1)],
            None,
        ),
        // Nothing is said: the list ends with an empty page.
        (vec![(None, 25, 1)], Some(2)),
        (vec![(None, 3, 1), (None, 2, 2)], Some(3)),
        (vec![(None, 25, 1), (None, 0, 2)], None),
    ] {
        assert_eq!(walk(&pages), (Ok(()), next), "{}", pages.len());
    }
}

#[test]
fn a_list_that_does_not_advance_ends_with_an_error() {
    let current = |number| page(|page| page.current_page = Some(number));
    for (pages, part) in [
        (
            vec![(current(1), 25, 1), (current(1), 25, 1)],
            "another page",
        ),
        (vec![(current(2), 25, 1)], "another page"),
        (vec![(None, 25, 7), (None, 25, 7)], "the same page"),
        // It echoes the number it was asked for and ignores it otherwise.
        (
            vec![(current(1), 25, 7), (current(2), 25, 7)],
            "the same page",
        ),
        (
            vec![(page(|page| page.total_pages = Some(5)), 0, 1)],
            "is empty",
        ),
        (vec![(page(|page| page.total = Some(5)), 0, 1)], "is empty"),
    ] {
        let (result, next) = walk(&pages);
        assert!(result.unwrap_err().contains(part), "{part}");
        assert_eq!(next, None, "{part}");
    }
}

#[test]
fn absence_needs_a_whole_list() {
    let totals = |total, size| page(|page| (page.total, page.per_page) = (Some(total), Some(size)));
    let proven = |first, pages: &[(Option<Page>, usize)]| {
        let mut walk = Walk::new(first);
        for (at, (metadata, rows)) in pages.iter().enumerate() {
            walk.step(metadata.as_ref(), *rows, || at as u64).unwrap();
        }
        assert_eq!(walk.next(), None);
        walk.prove_complete().is_ok()
    };
    assert!(proven(1, &[(totals(30, 25), 25), (totals(30, 25), 5)]));
    assert!(
        proven(1, &[(totals(30, 25), 25), (totals(31, 25), 6)]),
        "one came in between"
    );
    assert!(proven(1, &[(None, 25), (None, 0)]));
    assert!(
        !proven(1, &[(totals(30, 25), 25), (totals(29, 25), 4)]),
        "one vanished"
    );
    assert!(
        !proven(1, &[(totals(30, 25), 25), (totals(30, 25), 4)]),
        "one is missing"
    );
    assert!(!proven(2, &[(totals(30, 25), 5)]), "not from the start");
    assert!(!proven(2, &[(None, 0)]), "not from the start");
    let mut failed = Walk::new(1);
    failed.end();
    assert!(failed.prove_complete().is_err(), "not to its end");
}

#[test]
fn a_total_is_no_end_for_who_did_not_see_the_first_page() {
    let mut walk = Walk::new(2);
    let metadata = page(|page| page.total = Some(3));
    walk.step(metadata.as_ref(), 3, || 1).unwrap();
    assert_eq!(walk.next(), Some(3));
}
