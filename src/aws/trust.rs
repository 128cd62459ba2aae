//! The authorities by which AWS proves itself, where they are not those of the system: behind a proxy that
//! opens TLS, or at an endpoint of one's own.

use std::path::{Path, PathBuf};

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use rustls::RootCertStore;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

/// Why a bundle of authorities cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("CA bundle {}: {why}", path.display())]
pub struct TrustError {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub why: String,
}

/// A client that believes those in a file alone, as the AWS CLI does with such a file.
pub(super) fn client(path: &Path) -> Result<SharedHttpClient, TrustError> {
    let pem = checked(path).map_err(|why| TrustError { path: path.to_owned(), why })?;
    let trust = TrustStore::empty().with_pem_certificate(pem);
    let context = TlsContext::builder().with_trust_store(trust).build();
    let context = context.map_err(|error| TrustError { path: path.to_owned(), why: error.to_string() })?;
    Ok(Builder::new().build_with_connector_fn(move |settings, components| {
        // As the SDK makes its own, but for the authorities.
        let mut connector = Connector::builder().proxy_config(ProxyConfig::from_env());
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(|it| it.sleep_impl()));
        let connector = connector.tls_provider(Provider::Rustls(CryptoMode::AwsLc));
        connector.tls_context(context.clone()).build()
    }))
}

/// The text of a bundle, once it is certain that all in it can be read: the client would panic.
fn checked(path: &Path) -> Result<Vec<u8>, String> {
    let pem = std::fs::read(path).map_err(|error| error.to_string())?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|error| format!("not PEM: {error}"))?;
        let number = roots.len() + 1;
        roots.add(certificate).map_err(|error| format!("certificate {number} cannot be read: {error}"))?;
    }
    if roots.is_empty() { Err("no certificate is in it".to_owned()) } else { Ok(pem) }
}
