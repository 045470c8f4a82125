/// Field names only: any value may be personal data or a secret.
#[allow(unused_macros)]
macro_rules! closed_debug {
    ($name:ident) => {
        closed_debug!($name, concat!(stringify!($name), " { .. }"));
    };
    ($name:ident, $text:expr) => {
        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str($text)
            }
        }
    };
}
