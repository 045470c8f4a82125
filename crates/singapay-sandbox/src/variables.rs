//! Everything that a client in any language needs, as variables.

use crate::Sandbox;

impl Sandbox {
    /// Settings of a client for this sandbox, by the names of the variables that the SDK reads, and
    /// `SINGAPAY_SANDBOX_ADMIN`, the address of the admin side. Secrets among them.
    pub fn variables(&self) -> Vec<(String, String)> {
        let (main, biller) = (self.credentials(), self.biller_credentials());
        let mut variables: Vec<(String, String)> = [
            ("BASE_URL", self.base_url()),
            ("PARTNER_ID", &main.partner_id),
            ("CLIENT_ID", &main.client_id),
            ("CLIENT_SECRET", main.client_secret.expose()),
            ("ACCOUNT_ID", self.account_id()),
            ("BILLER_PARTNER_ID", &biller.partner_id),
            ("BILLER_CLIENT_ID", &biller.client_id),
            ("BILLER_CLIENT_SECRET", biller.client_secret.expose()),
            ("BILLER_PASSWORD", biller.password.expose()),
            ("IDENTITY_CLIENT_ID", &main.identity_client_id),
            (
                "IDENTITY_CLIENT_SECRET",
                main.identity_client_secret.expose(),
            ),
        ]
        .map(|(name, value)| (format!("SINGAPAY_{name}"), value.to_owned()))
        .into();
        variables.push((
            "SINGAPAY_SANDBOX_ADMIN".to_owned(),
            format!("{}/_sandbox", self.base_url()),
        ));
        let accounts = self.accounts();
        let mut names = Vec::new();
        for (index, credentials) in self.all_credentials().iter().enumerate().skip(1) {
            // A name of the dashboard's may be anything; variables and their list want a plain one.
            let is_plain = credentials
                .name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric());
            let name = match is_plain && !credentials.name.is_empty() {
                true => credentials.name.to_ascii_lowercase(),
                false => format!("specific{index}"),
            };
            let own = accounts
                .iter()
                .filter(|account| account.credential == credentials.name);
            let own: Vec<&str> = own.map(|account| account.id.as_str()).collect();
            for (setting, value) in [
                ("PARTNER_ID", credentials.partner_id.clone()),
                ("CLIENT_ID", credentials.client_id.clone()),
                (
                    "CLIENT_SECRET",
                    credentials.client_secret.expose().to_owned(),
                ),
                ("ACCOUNTS", own.join(",")),
            ] {
                let variable = format!(
                    "SINGAPAY_CREDENTIAL_{}_{setting}",
                    name.to_ascii_uppercase()
                );
                if !value.is_empty() {
                    variables.push((variable, value));
                }
            }
            names.push(name);
        }
        if !names.is_empty() {
            variables.push(("SINGAPAY_CREDENTIALS".to_owned(), names.join(",")));
        }
        variables
    }
}
