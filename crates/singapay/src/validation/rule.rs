//! Rules that tie the fields of a request to each other. The tables are generated from the API
//! description; here is what each kind of rule means.

use std::borrow::Cow;

use super::Check;

/// A field as rules see it: if it is given, and what it says where that can be compared.
#[derive(Debug)]
pub(crate) struct FieldValue<'a>(Option<Cow<'a, str>>);

impl<'a> FieldValue<'a> {
    /// Text; an empty one counts as absent, as at the gateway.
    pub(crate) fn text(value: Option<&'a str>) -> Self {
        Self(value.filter(|text| !text.is_empty()).map(Cow::Borrowed))
    }

    /// A number, or an amount in whole rupiah.
    pub(crate) fn number(value: Option<i64>) -> Self {
        Self(value.map(|number| number.to_string().into()))
    }

    /// True or false.
    pub(crate) fn flag(value: Option<bool>) -> Self {
        Self(value.map(|flag| if flag { "true" } else { "false" }.into()))
    }

    /// A list; an empty one counts as absent, as at the gateway.
    pub(crate) fn list<T>(value: Option<&Vec<T>>) -> Self {
        Self::given(value.is_some_and(|list| !list.is_empty()))
    }

    /// Anything that no rule compares.
    pub(crate) fn given(given: bool) -> Self {
        Self(given.then_some(Cow::Borrowed("")))
    }

    fn is_given(&self) -> bool {
        self.0.is_some()
    }

    fn number_of(&self) -> Option<i64> {
        self.0.as_ref()?.parse().ok()
    }
}

type Names = &'static [&'static str];

/// One rule.
#[derive(Debug)]
pub(crate) enum Rule {
    /// These fields are needed when the condition holds.
    RequiredIf { fields: Names, when: When },
    /// These fields do not belong here when the condition holds.
    ForbiddenIf { fields: Names, when: When },
    /// All of these fields or none.
    Together { fields: Names },
    /// One of these fields, or more.
    AtLeastOne { fields: Names },
    /// One of these fields, or none.
    AtMostOne { fields: Names },
    /// The field has one of these values, if it is given.
    OneOf {
        field: &'static str,
        values: Names,
        when: Option<When>,
    },
    /// The number is not smaller than the other, where both are given.
    NotBelow {
        field: &'static str,
        other: &'static str,
    },
}

/// A condition on a field.
#[derive(Debug)]
pub(crate) struct When {
    pub(crate) field: &'static str,
    pub(crate) values: Names,
    /// True if it holds for these values; false if for all others.
    pub(crate) among: bool,
    /// Value that the gateway takes an absent field for.
    pub(crate) default: Option<&'static str>,
}

/// The fields that the rules of an operation look at.
struct Fields<'a>(&'a [(&'static str, FieldValue<'a>)]);

impl<'a> Fields<'a> {
    fn get(&self, name: &str) -> &'a FieldValue<'a> {
        const ABSENT: FieldValue<'static> = FieldValue(None);
        let found = self.0.iter().find(|(own, _)| *own == name);
        found.map_or(&ABSENT, |(_, seen)| seen)
    }

    fn holds(&self, when: &When) -> bool {
        let value = self.get(when.field).0.as_deref().or(when.default);
        value.is_some_and(|value| when.values.contains(&value) == when.among)
    }

    fn given(&self, fields: Names) -> impl Iterator<Item = &'static str> {
        let fields = fields.iter().copied();
        fields.filter(|field| self.get(field).is_given())
    }

    fn absent(&self, fields: Names) -> impl Iterator<Item = &'static str> {
        let fields = fields.iter().copied();
        fields.filter(|field| !self.get(field).is_given())
    }
}

impl When {
    fn words(&self) -> String {
        let values = self.values.join(", ");
        let is = match (self.among, self.values.is_empty()) {
            (true, _) => format!("is {values}"),
            (false, false) => format!("is not {values}"),
            (false, true) => "is given".to_owned(),
        };
        format!("where {} {is}", self.field)
    }
}

impl Check {
    /// Rules of the request over these fields.
    pub(crate) fn rules(&mut self, fields: &[(&'static str, FieldValue<'_>)], rules: &[Rule]) {
        let fields = Fields(fields);
        for rule in rules {
            self.rule(&fields, rule);
        }
    }

    fn rule(&mut self, fields: &Fields<'_>, rule: &Rule) {
        match rule {
            Rule::RequiredIf {
                fields: names,
                when,
            } if fields.holds(when) => {
                for field in fields.absent(names) {
                    self.report(field, format!("is required {}", when.words()));
                }
            }
            Rule::ForbiddenIf {
                fields: names,
                when,
            } if fields.holds(when) => {
                for field in fields.given(names) {
                    self.report(field, format!("does not belong here {}", when.words()));
                }
            }
            Rule::Together { fields: names } => {
                if let Some(given) = fields.given(names).next() {
                    for field in fields.absent(names) {
                        self.report(field, format!("is required beside {given}"));
                    }
                }
            }
            Rule::AtLeastOne { fields: names } => {
                if let (None, Some(first)) = (fields.given(names).next(), names.first()) {
                    self.report(first, format!("one of {} is required", names.join(", ")));
                }
            }
            Rule::AtMostOne { fields: names } => {
                let mut given = fields.given(names);
                if let (Some(first), Some(_)) = (given.next(), given.next()) {
                    let words = format!("only one of {} may be given", names.join(", "));
                    self.report(first, words);
                }
            }
            Rule::OneOf {
                field,
                values,
                when,
            } if when.as_ref().is_none_or(|when| fields.holds(when)) => {
                if let Some(value) = &fields.get(field).0
                    && !values.contains(&value.as_ref())
                {
                    let mut words = format!("must be one of {}", values.join(", "));
                    if let Some(when) = when {
                        words = format!("{words} {}", when.words());
                    }
                    self.report(field, words);
                }
            }
            Rule::NotBelow { field, other } => {
                let numbers = fields.get(field).number_of();
                if let Some((number, least)) = numbers.zip(fields.get(other).number_of())
                    && number < least
                {
                    self.report(field, format!("must not be below {other}"));
                }
            }
            Rule::RequiredIf { .. } | Rule::ForbiddenIf { .. } | Rule::OneOf { .. } => {}
        }
    }

    /// The total of a list: the sum over its entries, each the product of its factors.
    pub(crate) fn sum<T, const N: usize>(
        &mut self,
        field: &'static str,
        total: Option<i64>,
        (name, list): (&'static str, Option<&Vec<T>>),
        factors: impl Fn(&T) -> [i64; N],
    ) {
        let list = list.filter(|list| !list.is_empty());
        let Some((total, list)) = total.zip(list) else {
            return;
        };
        let product = |entry: &T| {
            let factors = factors(entry).into_iter().map(i128::from);
            factors.fold(1_i128, i128::saturating_mul)
        };
        let sum = list.iter().map(product).fold(0, i128::saturating_add);
        if sum != i128::from(total) {
            self.report(field, format!("must equal the sum of {name}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::problems, *};

    const WHEN: When = When {
        field: "kind",
        values: &["a", "b"],
        among: true,
        default: None,
    };

    #[track_caller]
    fn assert_says(rule: Rule, fields: &[(&'static str, FieldValue<'_>)], expected: &[&str]) {
        let rules = [rule];
        assert_eq!(problems(|check| check.rules(fields, &rules)), expected);
    }

    fn text(value: &str) -> FieldValue<'_> {
        FieldValue::text(Some(value))
    }

    #[test]
    fn a_field_is_needed_under_a_condition() {
        let rule = || Rule::RequiredIf {
            fields: &["month", "year"],
            when: WHEN,
        };
        assert_says(
            rule(),
            &[("kind", text("b")), ("year", FieldValue::number(Some(1)))],
            &["month is required where kind is a, b"],
        );
        // An empty text and an empty list are as good as none.
        let empty: Option<&Vec<u8>> = Some(&Vec::new());
        assert_says(
            rule(),
            &[
                ("kind", text("a")),
                ("month", text("")),
                ("year", FieldValue::list(empty)),
            ],
            &[
                "month is required where kind is a, b",
                "year is required where kind is a, b",
            ],
        );
        for kind in ["c", ""] {
            assert_says(rule(), &[("kind", text(kind))], &[]);
        }
        assert_says(rule(), &[], &[]);
    }

    #[test]
    fn a_field_is_out_of_place_under_a_condition() {
        let rule = |when| Rule::ForbiddenIf {
            fields: &["month"],
            when,
        };
        let month = || ("month", text("3"));
        assert_says(
            rule(WHEN),
            &[("kind", text("a")), month()],
            &["month does not belong here where kind is a, b"],
        );
        assert_says(rule(WHEN), &[("kind", text("c")), month()], &[]);
        assert_says(rule(WHEN), &[("kind", text("a"))], &[]);
    }

    #[test]
    fn a_condition_knows_what_an_absent_field_means() {
        let rule = |among, values, default| Rule::RequiredIf {
            fields: &["month"],
            when: When {
                field: "uses",
                values,
                among,
                default,
            },
        };
        let is_default = || rule(true, &["1"], Some("1"));
        assert_says(is_default(), &[], &["month is required where uses is 1"]);
        assert_says(is_default(), &[("uses", FieldValue::number(Some(2)))], &[]);
        let is_not = || rule(false, &["1"], Some("1"));
        assert_says(is_not(), &[], &[]);
        assert_says(
            is_not(),
            &[("uses", FieldValue::number(Some(2)))],
            &["month is required where uses is not 1"],
        );
        let given = || rule(false, &[], None);
        assert_says(given(), &[], &[]);
        assert_says(
            given(),
            &[("uses", FieldValue::flag(Some(false)))],
            &["month is required where uses is given"],
        );
    }

    #[test]
    fn fields_come_together_or_one_at_a_time() {
        const FIELDS: Names = &["a", "b", "c"];
        let one = || ("b", FieldValue::given(true));
        let two = || [one(), ("c", FieldValue::given(true))];
        let together = || Rule::Together { fields: FIELDS };
        assert_says(together(), &[], &[]);
        assert_says(together(), &two(), &["a is required beside b"]);
        let least = || Rule::AtLeastOne { fields: FIELDS };
        assert_says(least(), &[], &["a one of a, b, c is required"]);
        assert_says(least(), &two(), &[]);
        let most = || Rule::AtMostOne { fields: FIELDS };
        assert_says(most(), &[one()], &[]);
        assert_says(most(), &[], &[]);
        assert_says(most(), &two(), &["b only one of a, b, c may be given"]);
    }

    #[test]
    fn a_list_of_values_can_be_closed() {
        let rule = |when| Rule::OneOf {
            field: "months",
            values: &["1", "12"],
            when,
        };
        for months in [Some(1), Some(12), None] {
            assert_says(rule(None), &[("months", FieldValue::number(months))], &[]);
        }
        let months = || ("months", FieldValue::number(Some(7)));
        assert_says(rule(None), &[months()], &["months must be one of 1, 12"]);
        assert_says(
            rule(Some(WHEN)),
            &[months(), ("kind", text("a"))],
            &["months must be one of 1, 12 where kind is a, b"],
        );
        assert_says(rule(Some(WHEN)), &[months()], &[]);
    }

    #[test]
    fn one_number_bounds_another() {
        let rule = || Rule::NotBelow {
            field: "most",
            other: "least",
        };
        let of = |least, most| {
            [
                ("least", FieldValue::number(least)),
                ("most", FieldValue::number(most)),
            ]
        };
        assert_says(
            rule(),
            &of(Some(-1), Some(-2)),
            &["most must not be below least"],
        );
        for (least, most) in [(Some(5), Some(5)), (None, Some(1)), (Some(1), None)] {
            assert_says(rule(), &of(least, most), &[]);
        }
    }

    #[test]
    fn a_total_is_the_sum_of_its_items() {
        let sum = |total, items: &[[i64; 2]]| {
            let items = items.to_vec();
            problems(|check| check.sum("total", total, ("items", Some(&items)), |item| *item))
        };
        assert!(sum(Some(250), &[[2, 150], [1, -50]]).is_empty());
        assert!(sum(None, &[[1, 1]]).is_empty());
        assert!(sum(Some(1), &[]).is_empty());
        let expected = ["total must equal the sum of items"];
        assert_eq!(sum(Some(251), &[[2, 150], [1, -50]]), expected);
        // No sum wraps around to a total.
        assert_eq!(sum(Some(0), &[[i64::MAX, i64::MAX], [2, 2]]), expected);
        assert_eq!(sum(Some(i64::MIN), &[[i64::MAX, 1], [1, 1]]), expected);
    }
}
