use singapay_auth::{
    canonical::{self, Form, PHP_MAX_DEPTH},
    scheme::BodyHash,
};

use crate::{
    args::{Canonicalize, FormArg},
    failure::Failure,
    input,
    report::Report,
};

pub(crate) fn canonicalize(args: &Canonicalize) -> Result<Report, Failure> {
    let body = input::read(&args.file)?;
    let canonical = match args.form {
        FormArg::Outbound => canonical::outbound(&body)?,
        FormArg::Php => canonical::canonicalize(&body, Form::PhpLiteral, PHP_MAX_DEPTH)?,
    };
    Ok(Report {
        body_sha256: BodyHash::of(&canonical).to_string(),
        canonical: String::from_utf8_lossy(&canonical).into_owned(),
        ..Report::default()
    })
}
