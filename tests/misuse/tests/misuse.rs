//! What would lose money, print a secret or never be sent does not compile.

#[test]
fn what_must_not_compile_does_not() {
    trybuild::TestCases::new().compile_fail("tests/programs/*.rs");
}
