use singapay_core::envelope::Page;

use super::{
    absence::{Evidence, Verdict},
    walk::Walk,
};

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
        result = walk.step(metadata.as_ref(), *rows, || vec![*fingerprint]);
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
    let total = |total| page(|page| page.total = Some(total));
    let verdict = |newest_first, pages: &[(Option<Page>, std::ops::Range<u32>)]| {
        let mut evidence = Evidence::default();
        for (metadata, rows) in pages {
            evidence.note(metadata.as_ref(), &rows.clone().collect::<Vec<_>>());
        }
        evidence.verdict(newest_first)
    };
    let proven = |pages: &[_]| verdict(true, pages) == Verdict::Proven;
    let void = |pages: &[_]| matches!(verdict(true, pages), Verdict::Void(_));
    let quiet = [(totals(30, 25), 0..25), (totals(30, 25), 25..30)];
    assert!(proven(&quiet));
    assert_eq!(verdict(false, &quiet), Verdict::LookAgain, "any order");
    assert!(
        proven(&[(totals(30, 25), 0..25), (totals(31, 25), 24..30)]),
        "one came in between"
    );
    assert!(
        void(&[(totals(30, 25), 0..25), (totals(29, 25), 26..30)]),
        "one vanished"
    );
    assert!(
        void(&[(totals(30, 25), 0..25), (totals(30, 25), 26..30)]),
        "one is missing"
    );
    assert!(
        void(&[
            (totals(6, 2), 0..2),
            (totals(5, 2), 3..5),
            (totals(6, 2), 4..6)
        ]),
        "one vanished, and another came"
    );
    for (pages, why) in [
        ([(None, 0..25), (None, 25..25)], "nothing is told"),
        (
            [(totals(30, 25), 0..25), (None, 25..30)],
            "a total is missing",
        ),
        ([(total(30), 0..25), (total(30), 25..30)], "no size is told"),
        (
            [(totals(30, 25), 0..25), (totals(30, 5), 25..30)],
            "two sizes",
        ),
        ([(totals(30, 25), 0..24), (totals(30, 25), 24..30)], "a gap"),
    ] {
        assert_eq!(verdict(true, &pages), Verdict::LookAgain, "{why}");
    }
    for (only, newest_first) in [(total(3), false), (total(3), true)] {
        assert_eq!(verdict(newest_first, &[(only, 0..3)]), Verdict::Proven);
    }
    assert!(proven(&[(None, 0..0)]), "one look at an empty list");
}

#[test]
fn a_second_look_has_to_see_the_same() {
    let evidence = |pages: &[(Option<u64>, &[u32])]| {
        let mut evidence = Evidence::default();
        for (total, rows) in pages {
            let metadata = page(|page| page.total = *total);
            evidence.note(metadata.as_ref(), rows);
        }
        evidence
    };
    let first = || evidence(&[(None, &[6, 5]), (None, &[4])]);
    for (again, same) in [
        (
            evidence(&[(None, &[6, 5]), (None, &[4]), (None, &[])]),
            true,
        ),
        (evidence(&[(Some(3), &[6, 5]), (None, &[4])]), true),
        (evidence(&[(Some(4), &[6, 5]), (None, &[4])]), false),
        (evidence(&[(None, &[6, 5, 4])]), false),
        (evidence(&[(None, &[7, 6]), (None, &[5, 4])]), false),
        (evidence(&[(None, &[6, 5]), (None, &[4, 3])]), false),
        (evidence(&[(None, &[6, 5])]), false),
    ] {
        assert_eq!(first().confirm(&again).is_ok(), same, "{again:?}");
    }
    let moved = || evidence(&[(None, &[6, 5]), (None, &[5, 4])]);
    assert!(moved().confirm(&moved()).is_err(), "a row came twice");
}

#[test]
fn a_total_is_no_end_for_who_did_not_see_the_first_page() {
    let mut walk = Walk::new(2);
    let metadata = page(|page| page.total = Some(3));
    walk.step(metadata.as_ref(), 3, Vec::new).unwrap();
    assert_eq!(walk.next(), Some(3));
}
