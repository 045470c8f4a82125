use std::{fs::File, io::Read};

use singapay_core::Secret;

use crate::{args::Secrets, failure::Failure};

/// Largest input that is read.
const LIMIT: u64 = 16 << 20;

pub(crate) fn read(file: &str) -> Result<Vec<u8>, Failure> {
    let name = if file == "-" { "standard input" } else { file };
    let failed = |source| Failure::Read {
        name: name.to_owned(),
        source,
    };
    let source: Box<dyn Read> = match file {
        "-" => Box::new(std::io::stdin().lock()),
        path => Box::new(File::open(path).map_err(failed)?),
    };
    let mut body = Vec::new();
    source
        .take(LIMIT + 1)
        .read_to_end(&mut body)
        .map_err(failed)?;
    if body.len() as u64 > LIMIT {
        return Err(Failure::TooLarge(LIMIT));
    }
    Ok(body)
}

fn variable(name: &str) -> Result<Secret, Failure> {
    std::env::var(name)
        .ok()
        .map(Secret::new)
        .filter(|value| !value.is_blank())
        .ok_or_else(|| Failure::Variable(name.to_owned()))
}

impl Secrets {
    /// The client secret, and the token without `Bearer `.
    pub(crate) fn load(&self) -> Result<(Secret, Secret), Failure> {
        let secret = variable(&self.secret_env)?;
        let token = variable(&self.token_env)?;
        let bare = match token.expose().split_at_checked(7) {
            Some((scheme, bare)) if scheme.eq_ignore_ascii_case("bearer ") => bare.trim(),
            _ => token.expose(),
        };
        if bare.is_empty() {
            return Err(Failure::Variable(self.token_env.clone()));
        }
        Ok((secret, Secret::new(bare)))
    }
}

pub(crate) fn check_path(path: &str) -> Result<(), Failure> {
    if path.starts_with('/') {
        Ok(())
    } else {
        Err(Failure::Path)
    }
}
