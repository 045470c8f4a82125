use singapay_auth::{
    canonical::{self, Form, PHP_MAX_DEPTH},
    scheme::{BodyHash, RequestToSign, SigningKey},
    webhook::{SignedForm, Suspect, Verifier, VerifyError, WebhookKey},
};
use singapay_core::{Clock, Secret, Timestamp};

use super::string_to_sign;
use crate::{
    args::Verify,
    failure::Failure,
    input::{self, Delivered},
    report::Report,
};

/// The moment of the delivery itself: whoever looks at an old delivery knows that it is old.
#[derive(Debug)]
struct At(i64);

impl Clock for At {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_seconds(self.0)
    }
}

pub(crate) fn verify(args: &Verify) -> Result<Report, Failure> {
    #[cfg(feature = "call")]
    if let Some(number) = args.source.delivery {
        return explain(super::delivered::of_sandbox(&args.source, number)?);
    }
    explain(args.source.of_flags()?)
}

fn explain(delivered: Delivered) -> Result<Report, Failure> {
    let Delivered {
        path,
        signature,
        timestamp,
        secret,
        token,
        body,
    } = delivered;
    input::check_path(&path)?;
    let seconds = timestamp
        .parse()
        .ok()
        .filter(|_| timestamp.starts_with(|c: char| c.is_ascii_digit()));
    let seconds = seconds.ok_or(Failure::Timestamp("Unix seconds"))?;
    let verifier = Verifier::builder()
        .key(WebhookKey::new("given", &secret))
        .path(&path)
        .max_body_bytes(usize::MAX)
        .max_depth(PHP_MAX_DEPTH)
        .clock(At(seconds))
        .build()
        .map_err(|_| Failure::Path)?;
    let bearer = Secret::new(format!("Bearer {}", token.expose()));
    let headers = [
        ("x-signature", signature.as_str()),
        ("x-timestamp", timestamp.as_str()),
        ("authorization", bearer.expose()),
    ];
    let explanation = verifier.explain(&headers[..], body.clone(), &[]);
    let (canonical, form) = match &explanation.result {
        Ok(verified) => (verified.canonical.to_vec(), Some(name(verified.form))),
        // A delivery that does not verify is shown as the published sample would write it.
        Err(_) => (
            canonical::canonicalize(&body, Form::PhpListsKept, PHP_MAX_DEPTH)?,
            None,
        ),
    };
    let request = RequestToSign {
        method: "POST",
        path: &path,
        token: token.expose(),
        body: BodyHash::of(&canonical),
        timestamp: &timestamp,
    };
    Ok(Report {
        body_sha256: request.body.to_string(),
        string_to_sign: Some(string_to_sign(&request)),
        signature: Some(request.sign(&SigningKey::new(&secret)).to_hex()),
        canonical: String::from_utf8_lossy(&canonical).into_owned(),
        form,
        valid: Some(explanation.result.is_ok()),
        reason: Some(reason(explanation.result.map(drop), &explanation.suspect)),
    })
}

fn reason(result: Result<(), VerifyError>, suspect: &Suspect) -> String {
    match (result, suspect) {
        (Ok(()), _) => "the signature matches".to_owned(),
        (_, Suspect::Path { signed, .. }) => format!("the signature is for the path {signed}"),
        (Err(VerifyError::Signature), _) => {
            "no form of the body gives this signature: wrong secret, token, path, timestamp or body"
                .to_owned()
        }
        (Err(error), _) => error.to_string(),
    }
}

fn name(form: SignedForm) -> &'static str {
    match form {
        SignedForm::PhpListsKept => "php, lists kept",
        SignedForm::PhpLiteral => "php, literal",
        SignedForm::NumbersAsWritten => "sorted, numbers as written",
        SignedForm::Raw => "raw",
        _ => "unknown",
    }
}
