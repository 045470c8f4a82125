//! A server that speaks TLS under an authority of the test's own.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use singapay::Tls;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        self,
        pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

use super::wire;

pub(crate) const QR: &str = r#"{"success":true,"data":{"id":7,"qr_data":"00","status":"open"}}"#;

/// Every library in this build.
pub(crate) const TLS: &[Tls] = &[
    #[cfg(any(feature = "rustls", feature = "rustls-no-provider"))]
    Tls::Rustls,
    #[cfg(feature = "native-tls")]
    Tls::NativeTls,
];

/// An authority of one test alone.
pub(crate) struct Authority {
    pub(crate) pem: String,
    pub(crate) der: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

/// Answer of the server to everything but a request for a token.
#[derive(Clone, Copy)]
pub(crate) struct Reply(
    pub(crate) u16,
    pub(crate) &'static str,
    pub(crate) &'static str,
);

impl Authority {
    pub(crate) fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
            .distinguished_name
            .push(DnType::CommonName, "Test authority");
        let certificate = params.self_signed(&key).unwrap();
        Self {
            pem: certificate.pem(),
            der: certificate.der().clone(),
            issuer: Issuer::new(params, key),
        }
    }

    /// A server whose certificate names `name`; says who it is under that and nothing else.
    pub(crate) async fn serve(&self, name: &str) -> Server {
        self.serve_with(name, Reply(200, "", QR)).await
    }

    pub(crate) async fn serve_with(&self, name: &str, reply: Reply) -> Server {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Server::start(TlsAcceptor::from(Arc::new(config)), reply).await
    }
}

/// Stops when it is dropped.
pub(crate) struct Server {
    pub(crate) port: u16,
    heads: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    async fn start(acceptor: TlsAcceptor, reply: Reply) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(AtomicUsize::new(0));
        let (kept, connected) = (Arc::clone(&heads), Arc::clone(&connections));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connected.fetch_add(1, Ordering::SeqCst);
                let (acceptor, kept) = (acceptor.clone(), Arc::clone(&kept));
                tokio::spawn(async move {
                    let Ok(mut stream) = acceptor.accept(stream).await else {
                        return;
                    };
                    while let Some(head) = wire::request(&mut stream).await {
                        let Reply(status, headers, body) = match head.contains("/access-token/") {
                            true => Reply(200, "", wire::TOKEN),
                            false => reply,
                        };
                        kept.lock().unwrap().push(head);
                        wire::write(&mut stream, status, headers, body, body.len()).await;
                    }
                });
            }
        });
        Self {
            port,
            heads,
            connections,
            task,
        }
    }

    pub(crate) fn url(&self, host: &str) -> String {
        format!("https://{host}:{}", self.port)
    }

    /// Request lines and headers of everything that arrived.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }

    pub(crate) fn requests(&self) -> usize {
        self.heads().len()
    }

    /// Those that are not for tokens.
    pub(crate) fn calls(&self) -> Vec<String> {
        let mut heads = self.heads();
        heads.retain(|head| !head.contains("/access-token/"));
        heads
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}
