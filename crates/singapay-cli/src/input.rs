use std::{fs::File, io::Read};

use singapay_core::Secret;

use crate::{
    args::{Secrets, Source},
    failure::Failure,
};

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

pub(crate) fn variable(name: &str) -> Result<Secret, Failure> {
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
        Ok((secret, token(&self.token_env)?))
    }
}

/// A token without `Bearer `.
fn token(name: &str) -> Result<Secret, Failure> {
    let token = variable(name)?;
    let bare = match token.expose().split_at_checked(7) {
        Some((scheme, bare)) if scheme.eq_ignore_ascii_case("bearer ") => bare.trim(),
        _ => token.expose(),
    };
    if bare.is_empty() {
        return Err(Failure::Variable(name.to_owned()));
    }
    Ok(Secret::new(bare))
}

/// A delivery with all that its signature is made of.
pub(crate) struct Delivered {
    pub(crate) path: String,
    pub(crate) signature: String,
    pub(crate) timestamp: String,
    pub(crate) secret: Secret,
    pub(crate) token: Secret,
    pub(crate) body: Vec<u8>,
}

impl Source {
    /// The delivery that the flags tell.
    pub(crate) fn of_flags(&self) -> Result<Delivered, Failure> {
        let text = |flag: &Option<String>| flag.clone().unwrap_or_default();
        Ok(Delivered {
            path: text(&self.path),
            signature: text(&self.signature),
            timestamp: text(&self.timestamp),
            secret: variable(&text(&self.secret_env))?,
            token: token(&text(&self.token_env))?,
            body: read(&self.file)?,
        })
    }
}

pub(crate) fn check_path(path: &str) -> Result<(), Failure> {
    if path.starts_with('/') {
        Ok(())
    } else {
        Err(Failure::Path)
    }
}
