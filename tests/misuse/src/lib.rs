//! Programs that must not compile stand in `tests/programs`, each with what the compiler says of it.
