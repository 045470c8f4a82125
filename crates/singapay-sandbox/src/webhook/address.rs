//! Addresses that webhooks may be sent to.

/// Refuses what is not http; https needs the feature `tls`.
pub(crate) fn check_url(url: &str) -> Result<(), String> {
    let parsed = reqwest::Url::parse(url).map_err(|error| error.to_string())?;
    match parsed.scheme() {
        "http" => Ok(()),
        "https" if cfg!(feature = "tls") => Ok(()),
        "https" => Err("https needs the feature `tls`".to_owned()),
        other => Err(format!("it begins with {other}: and not with http://")),
    }
}
