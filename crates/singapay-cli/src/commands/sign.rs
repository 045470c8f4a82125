use singapay_auth::{
    canonical,
    scheme::{BodyHash, RequestToSign, SigningKey},
};

use super::string_to_sign;
use crate::{args::Sign, failure::Failure, input, report::Report};

pub(crate) fn sign(args: &Sign) -> Result<Report, Failure> {
    input::check_path(&args.path)?;
    if args.method.is_empty() || !args.method.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Err(Failure::Method(args.method.clone()));
    }
    if args.timestamp.is_empty() || !args.timestamp.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Failure::Timestamp("the text of the X-Timestamp header"));
    }
    let (secret, token) = args.secrets.load()?;
    let canonical = canonical::outbound(&input::read(&args.file)?)?;
    let request = RequestToSign {
        method: &args.method.to_ascii_uppercase(),
        path: &args.path,
        token: token.expose(),
        body: BodyHash::of(&canonical),
        timestamp: &args.timestamp,
    };
    Ok(Report {
        body_sha256: request.body.to_string(),
        string_to_sign: Some(string_to_sign(&request)),
        signature: Some(request.sign(&SigningKey::new(&secret)).to_hex()),
        canonical: String::from_utf8_lossy(&canonical).into_owned(),
        ..Report::default()
    })
}
