//! The way to AWS: who calls, where, how long a call may take, and what is tried again.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, ConfigLoader, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sdk_ec2::config::retry::{RetryPartition, TokenBucket};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::interceptors::SharedInterceptor;
use aws_smithy_runtime_api::client::retries::classifiers::SharedRetryClassifier;

use super::Aws;
use super::errors::credentials_message;
use super::heard::Hearer;
use super::profile::Profiles;
use super::retries::{Reads, Writes};
use super::trust::{self, TrustError};

/// How often a call is sent before it counts as throttled, or a read as failed.
const ATTEMPTS: u32 = 8;
/// How often what is only a help is sent, and how soon again.
const HASTY_ATTEMPTS: u32 = 3;
const HASTY_BACKOFF: Duration = Duration::from_millis(100);
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);

/// How AWS is to be reached: what flags, environment and file have come to.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The cluster that is seen.
    pub cluster: String,
    /// The region; that of the environment or the profile, if it is not said.
    pub region: Option<String>,
    /// A profile of AWS's own files; the default chain of credentials, if it is not said.
    pub profile: Option<String>,
    /// A file with the authorities by which AWS proves itself; the profile's or the system's, if it is not said.
    pub ca_bundle: Option<PathBuf>,
    /// How long an answer may take.
    pub attempt_timeout: Duration,
    /// Who is told of every call.
    pub hearer: Option<Hearer>,
}

impl Settings {
    /// A cluster, seen from wherever the environment says.
    pub fn new(cluster: &str) -> Self {
        let attempt_timeout = Duration::from_secs(30);
        let cluster = cluster.to_owned();
        Self { cluster, region: None, profile: None, ca_bundle: None, attempt_timeout, hearer: None }
    }
}

/// Why AWS is not to be reached.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// Nobody says which region.
    #[error("no region is set: give --region, metadata.region in the file, or AWS_REGION")]
    NoRegion,
    /// There is nothing to sign calls with.
    #[error("{0}")]
    NoCredentials(String),
    /// The profile asks for a code of a device, and the SDK for nobody's.
    #[error(
        "profile {profile} needs a code of MFA device {device}, which this program cannot ask for ({why})"
    )]
    Mfa {
        /// The profile.
        profile: String,
        /// The one that was asked for, which may only begin with it.
        chosen: String,
        /// Its `mfa_serial`.
        device: String,
        /// What came of going without.
        why: String,
    },
    /// The authorities by which AWS proves itself cannot be read.
    #[error(transparent)]
    Trust(#[from] TrustError),
}

/// The region of the environment or the profile, if one of them says it.
pub async fn region(profile: Option<&str>) -> Option<String> {
    let mut provider = aws_config::default_provider::region::Builder::default();
    if let Some(profile) = profile {
        provider = provider.profile_name(profile);
    }
    provider.build().region().await.map(|region| region.to_string())
}

/// The profile that this one or the environment means, where AWS's own files do not have it.
pub async fn missing_profile(profile: Option<&str>) -> Option<String> {
    Profiles::read(profile).await?.missing()
}

impl Aws {
    /// Gets ready to call AWS. No call is made but what the credentials take.
    pub async fn connect(settings: &Settings) -> Result<Self, ConnectError> {
        let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12());
        let profiles = Profiles::read(settings.profile.as_deref()).await;
        let bundle = settings.ca_bundle.clone().or_else(|| profiles.as_ref()?.ca_bundle());
        let client = bundle.map(|path| trust::client(&path)).transpose()?;
        if let Some(client) = &client {
            loader = loader.http_client(client.clone());
        }
        if let Some(profile) = &settings.profile {
            // Whoever names a profile means it, whatever keys stand in the environment.
            let provider = of_profile(profile, settings, client);
            loader = loader.profile_name(profile).credentials_provider(provider);
        }
        let connected = Self::connect_with(loader, settings).await;
        connected.map_err(|error| match (error, profiles.as_ref().and_then(Profiles::mfa)) {
            (ConnectError::NoCredentials(why), Some(mfa)) => ConnectError::Mfa {
                profile: mfa.profile.to_owned(),
                chosen: mfa.chosen.to_owned(),
                device: mfa.device.to_owned(),
                why,
            },
            (error, _) => error,
        })
    }

    /// The same, by a configuration that has been begun.
    pub async fn connect_with(mut loader: ConfigLoader, settings: &Settings) -> Result<Self, ConnectError> {
        if let Some(region) = &settings.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Ok(name) = AppName::new("eksact") {
            loader = loader.app_name(name);
        }
        let sdk = loader
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
            .timeout_config(timeouts(settings))
            // An attempt has its own end, and nothing is streamed.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .load()
            .await;
        let region = sdk.region().ok_or(ConnectError::NoRegion)?.to_string();
        let (credentials, credentials_end, sdk) =
            vetted(sdk).await.map_err(|error| no_credentials(&error, settings))?;
        let hearer = settings.hearer.as_ref();
        Ok(Self {
            cluster: settings.cluster.clone(),
            region,
            reads: Clients::new(&sdk, SharedRetryClassifier::new(Reads), hearer),
            writes: Clients::new(&sdk, SharedRetryClassifier::new(Writes), hearer),
            credentials,
            credentials_end,
            memory: Mutex::default(),
        })
    }
}

fn timeouts(settings: &Settings) -> TimeoutConfig {
    let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT);
    timeouts.operation_attempt_timeout(settings.attempt_timeout).build()
}

fn of_profile(
    name: &str,
    settings: &Settings,
    client: Option<SharedHttpClient>,
) -> ProfileFileCredentialsProvider {
    let region = settings.region.clone().map(Region::new);
    let mut config = ProviderConfig::without_region().with_region(region);
    config = config.with_timeout_config(timeouts(settings));
    if let Some(client) = client {
        config = config.with_http_client(client);
    }
    ProfileFileCredentialsProvider::builder().configure(&config).profile_name(name).build()
}

fn no_credentials(error: &CredentialsError, settings: &Settings) -> ConnectError {
    let whose = settings.profile.as_ref().map(|profile| format!(" (profile {profile})"));
    // A program that gives credentials ends its sentences with a line.
    ConnectError::NoCredentials(credentials_message(error).trim_end().to_owned() + &whose.unwrap_or_default())
}

/// Who gives credentials, when the first of them end, and the configuration that hands those out first.
type Seen = (SharedCredentialsProvider, Option<SystemTime>, SdkConfig);

/// The same configuration, once it has been seen that there are credentials.
async fn vetted(sdk: SdkConfig) -> Result<Seen, CredentialsError> {
    let provider = sdk.credentials_provider().ok_or_else(CredentialsError::not_loaded_no_source)?;
    let first = provider.provide_credentials().await?;
    let end = first.expiry();
    let vetted = Vetted { first: Mutex::new(Some(first)), provider: provider.clone() };
    let sdk = sdk.into_builder().credentials_provider(SharedCredentialsProvider::new(vetted)).build();
    Ok((provider, end, sdk))
}

/// Hands out what has been seen already first: a program that gives credentials, or a person who
/// types a code for them, is not asked twice.
struct Vetted {
    first: Mutex<Option<Credentials>>,
    provider: SharedCredentialsProvider,
}

impl fmt::Debug for Vetted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vetted").finish_non_exhaustive()
    }
}

impl ProvideCredentials for Vetted {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        match self.first.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(first) => future::ProvideCredentials::ready(Ok(first)),
            None => self.provider.provide_credentials(),
        }
    }
}

/// One client of each service.
#[derive(Clone, Debug)]
pub(super) struct Clients {
    pub ec2: aws_sdk_ec2::Client,
    pub eks: aws_sdk_eks::Client,
    pub iam: aws_sdk_iam::Client,
    pub logs: aws_sdk_cloudwatchlogs::Client,
    pub quotas: aws_sdk_servicequotas::Client,
    pub sts: aws_sdk_sts::Client,
}

impl Clients {
    /// The same, for what is only a help: little is tried again, and soon.
    pub(super) fn hasty(&self) -> Self {
        let retries = RetryConfig::standard().with_max_attempts(HASTY_ATTEMPTS);
        let retries = retries.with_initial_backoff(HASTY_BACKOFF).with_max_backoff(HASTY_BACKOFF * 4);
        macro_rules! client {
            ($service:ident, $client:expr) => {
                $service::Client::from_conf(
                    $client.config().to_builder().retry_config(retries.clone()).build(),
                )
            };
        }
        Self {
            ec2: client!(aws_sdk_ec2, self.ec2),
            eks: client!(aws_sdk_eks, self.eks),
            iam: client!(aws_sdk_iam, self.iam),
            logs: client!(aws_sdk_cloudwatchlogs, self.logs),
            quotas: client!(aws_sdk_servicequotas, self.quotas),
            sts: client!(aws_sdk_sts, self.sts),
        }
    }

    fn new(sdk: &SdkConfig, classifier: SharedRetryClassifier, hearer: Option<&Hearer>) -> Self {
        // A call is tried as often as is said above, whatever others have come to: how many calls are
        // under way at once is bounded by who makes them.
        let partition = RetryPartition::custom("eksact").token_bucket(TokenBucket::unlimited()).build();
        macro_rules! client {
            ($service:ident) => {{
                let mut config = $service::config::Builder::from(sdk)
                    .retry_partition(partition.clone())
                    .retry_classifier(classifier.clone());
                hearer.into_iter().for_each(|hearer| {
                    config.push_interceptor(SharedInterceptor::new(hearer.clone()));
                });
                $service::Client::from_conf(config.build())
            }};
        }
        Self {
            ec2: client!(aws_sdk_ec2),
            eks: client!(aws_sdk_eks),
            iam: client!(aws_sdk_iam),
            logs: client!(aws_sdk_cloudwatchlogs),
            quotas: client!(aws_sdk_servicequotas),
            sts: client!(aws_sdk_sts),
        }
    }
}
