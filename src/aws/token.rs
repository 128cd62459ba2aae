//! The token by which a cluster knows its callers: a call of `sts:GetCallerIdentity`, signed and not sent.
//!
//! The form is that of [aws-iam-authenticator](https://github.com/kubernetes-sigs/aws-iam-authenticator):
//! `k8s-aws-v1.` and the address, in base64 for addresses, without padding.

use std::error::Error as StdError;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_sigv4::http_request::{
    SignableBody, SignableRequest, SignatureLocation, SigningParams, SigningSettings, sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextRef;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::base64;
use aws_smithy_types::config_bag::ConfigBag;

use super::Aws;
use super::errors::credentials_message;
use crate::cluster::{Timestamp, Token};
use crate::world::{Class, WorldError};

/// The IAM action that a token stands for.
const ACTION: &str = "sts:GetCallerIdentity";
/// What the signature says of how long it holds. STS takes no notice, but servers look at it.
const EXPIRES: Duration = Duration::from_secs(60);
/// How long servers take a token, counted from its signature: 15 minutes, with one to spare.
const LIFETIME: Duration = Duration::from_secs(14 * 60);
/// The header that binds a token to one cluster.
const CLUSTER: &str = "x-k8s-aws-id";

impl Aws {
    /// A token for the cluster, made of the caller's credentials. Nothing is sent.
    ///
    /// # Errors
    /// Where there are no credentials, or nobody can tell where STS is.
    pub async fn token(&self) -> Result<Token, WorldError> {
        let address = self.sts_address().await?;
        let credentials = self.credentials.provide_credentials().await;
        let credentials = credentials
            .map_err(|error| failed(Class::Denied, "NoCredentials", credentials_message(&error)))?;
        let now = SystemTime::now();
        let url = presign(&address, &self.cluster, &self.region, credentials, now)
            .map_err(|error| failed(Class::Refused, "Unsignable", error.to_string()))?;
        let text = base64::encode(url).replace('+', "-").replace('/', "_");
        let expires = Timestamp::try_from(now + LIFETIME).unwrap_or(Timestamp::MAX);
        Ok(Token::new(format!("k8s-aws-v1.{}", text.trim_end_matches('=')), expires))
    }

    /// Where STS is, in the way in which its client finds it: by region, partition and settings of endpoints.
    async fn sts_address(&self) -> Result<String, WorldError> {
        let lookout = Lookout::default();
        let call = self.reads.sts.get_caller_identity().customize().interceptor(lookout.clone());
        let sent = call.send().await;
        let seen = lookout.seen.lock().unwrap_or_else(PoisonError::into_inner).take();
        seen.ok_or_else(|| match sent {
            Err(error) => super::errors::failure(ACTION, None, &error),
            Ok(_) => failed(Class::Refused, "Unaddressed", "nobody can tell where STS is".to_owned()),
        })
    }
}

fn failed(class: Class, code: &str, message: String) -> WorldError {
    WorldError { class, code: code.to_owned(), message, operation: ACTION, request_id: None }
}

fn presign(
    address: &str,
    cluster: &str,
    region: &str,
    credentials: Credentials,
    now: SystemTime,
) -> Result<String, Box<dyn StdError + Send + Sync>> {
    let mut settings = SigningSettings::default();
    settings.signature_location = SignatureLocation::QueryParams;
    settings.expires_in = Some(EXPIRES);
    let identity = credentials.into();
    let params = v4::SigningParams::builder().identity(&identity).region(region).name("sts");
    let params = SigningParams::from(params.time(now).settings(settings).build()?);
    let url = format!("{}/?Action=GetCallerIdentity&Version=2011-06-15", address.trim_end_matches('/'));
    let headers = [(CLUSTER, cluster)].into_iter();
    let request = SignableRequest::new("GET", url.as_str(), headers, SignableBody::Bytes(&[]))?;
    let (instructions, _) = sign(request, &params)?.into_parts();
    let mut signed = http::Request::get(&url).body(())?;
    instructions.apply_to_request_http1x(&mut signed);
    Ok(signed.uri().to_string())
}

/// Notes where a call goes, and keeps it from going there.
#[derive(Clone, Debug, Default)]
struct Lookout {
    seen: Arc<Mutex<Option<String>>>,
}

/// Why a call did not go.
#[derive(Debug)]
struct Kept;

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("only where it would go was asked for")
    }
}

impl StdError for Kept {}

impl Intercept for Lookout {
    fn name(&self) -> &'static str {
        "where a call goes"
    }

    fn read_before_signing(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(context.request().uri().to_owned());
        Err(Kept.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_an_address_with_all_that_servers_ask_for() {
        let credentials = Credentials::new("AKID", "secret", Some("ses+sion/=".to_owned()), None, "test");
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000);
        let url = presign("https://sts.us-west-2.amazonaws.com/", "demo", "us-west-2", credentials, at);
        let url = url.unwrap();
        let (address, query) = url.split_once("/?").unwrap();
        assert_eq!(address, "https://sts.us-west-2.amazonaws.com");
        let names: Vec<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
        let expected = [
            "Action",
            "Version",
            "X-Amz-Algorithm",
            "X-Amz-Credential",
            "X-Amz-Date",
            "X-Amz-Expires",
            "X-Amz-SignedHeaders",
            "X-Amz-Security-Token",
            "X-Amz-Signature",
        ];
        let mut sorted = (names, expected.to_vec());
        sorted.0.sort_unstable();
        sorted.1.sort_unstable();
        assert_eq!(sorted.0, sorted.1);
        assert!(query.contains("X-Amz-Expires=60") && query.contains("host%3Bx-k8s-aws-id"), "{query}");
        assert!(
            query.contains("X-Amz-Credential=AKID%2F20260921%2Fus-west-2%2Fsts%2Faws4_request"),
            "{query}"
        );
    }
}
