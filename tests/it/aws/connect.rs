//! Who calls, and from where.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_config::BehaviorVersion;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use eksact::aws::{Aws, ConnectError, Settings};
use eksact::cluster::Ask;
use eksact::resource::ec2;
use eksact::resource::{Set, Tags};
use eksact::world::{Class, World};

use crate::stack::{Account, REGION};

fn settings() -> Settings {
    Settings { region: Some(REGION.to_owned()), ..Settings::new("demo") }
}

#[tokio::test]
async fn expired_and_unknown_credentials_read_as_such() {
    let account = Account::new();
    for (key, class) in [("ASIAEXPIRED000000000", Class::Expired), ("AKIAINVALID00000000", Class::Denied)] {
        let aws = Aws::connect_with(account.loader_of(key), &settings()).await.unwrap();
        let facts = aws.facts(&Ask::default()).await.unwrap_err();
        let seen = aws.observe(&Default::default()).await.unwrap_err();
        let tags = Tags::default();
        let run = aws.run(&ec2::Operation::CreateInternetGateway { tags }.into()).await.unwrap_err();
        let looked = aws.look(&"cluster/demo".parse().unwrap()).await.unwrap_err();
        for error in [facts, seen, run, looked] {
            assert_eq!(error.class, class, "{error}");
            assert!(!error.to_string().contains(key), "{error}");
        }
    }
}

/// Gives credentials, or none, and counts how often it is asked.
#[derive(Clone, Debug)]
struct Giver {
    gives: Option<Credentials>,
    asked: Arc<AtomicUsize>,
}

impl Giver {
    fn of(gives: Option<Credentials>) -> Self {
        Self { gives, asked: Arc::default() }
    }
}

impl ProvideCredentials for Giver {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let none = || CredentialsError::not_loaded("no providers in chain provided credentials");
        future::ProvideCredentials::ready(self.gives.clone().ok_or_else(none))
    }
}

#[tokio::test]
async fn without_credentials_nothing_is_called() {
    let loader = aws_config::defaults(BehaviorVersion::latest()).credentials_provider(Giver::of(None));
    let Err(ConnectError::NoCredentials(why)) = Aws::connect_with(loader, &settings()).await else {
        panic!("there are none")
    };
    assert_eq!(why, "no AWS credentials found: no providers in chain provided credentials");
}

#[tokio::test]
async fn who_gives_credentials_is_asked_once() {
    let account = Account::new();
    let key = format!("AKIA{}", account.number);
    let giver = Giver::of(Some(Credentials::new(key, "local", None, None, "tests")));
    let loader = account.loader().credentials_provider(giver.clone());
    let aws = Aws::connect_with(loader, &settings()).await.unwrap();
    aws.facts(&Ask::default()).await.unwrap();
    aws.observe(&Default::default()).await.unwrap();
    aws.run(&ec2::Operation::CreateInternetGateway { tags: Tags::default() }.into()).await.unwrap();
    assert_eq!(giver.asked.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_profile_that_does_not_exist_is_named() {
    let named = Settings { profile: Some("no-such-profile".to_owned()), ..settings() };
    let Err(ConnectError::NoCredentials(why)) = Aws::connect(&named).await else { panic!("there is none") };
    assert!(why.contains("no-such-profile"), "{why}");
}

#[tokio::test]
async fn without_a_region_it_says_where_to_give_one() {
    let loader = Account::new().loader().region(None::<aws_config::Region>);
    let error = Aws::connect_with(loader, &Settings::new("demo")).await.unwrap_err();
    assert_eq!(error, ConnectError::NoRegion);
    for place in ["--region", "metadata.region", "AWS_REGION"] {
        assert!(error.to_string().contains(place), "{error}");
    }
}

#[tokio::test]
async fn an_endpoint_that_nobody_listens_at_is_an_error_at_once() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let loader = Account::new().loader().endpoint_url(format!("http://{free}"));
    let aws = Aws::connect_with(loader, &settings()).await.unwrap();
    let facts = aws.facts(&Ask::default()).await.unwrap_err();
    let seen = aws.observe(&Default::default()).await.unwrap_err();
    let run = ec2::Operation::DeleteTags { resource: "vpc-1".to_owned(), keys: Set(vec!["x".to_owned()]) };
    let run = aws.run(&run.into()).await.unwrap_err();
    for error in [facts, seen, run] {
        assert_eq!((error.class, error.code.as_str()), (Class::Ambiguous, "ConnectionFailed"), "{error}");
        assert!(error.message.to_lowercase().contains("refused"), "{error}");
    }
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_not_waited_for() {
    let account = Account::new();
    let hasty = Settings { attempt_timeout: std::time::Duration::from_millis(50), ..settings() };
    let aws = Aws::connect_with(account.loader(), &hasty).await.unwrap();
    account.faults(serde_json::json!({ "operation": "CreateInternetGateway", "kind": "delay", "ms": 60000 }));
    let create = ec2::Operation::CreateInternetGateway { tags: Tags::default() };
    let error = aws.run(&create.into()).await.unwrap_err();
    assert_eq!((error.class, error.code.as_str()), (Class::Ambiguous, "Timeout"));
}

#[tokio::test]
async fn what_is_shown_of_it_keeps_the_key_to_itself() {
    let account = Account::new();
    let aws = account.aws("demo").await;
    assert_eq!(format!("{aws:?}"), r#"Aws { cluster: "demo", region: "us-west-2", .. }"#);
    assert_eq!(aws.region(), "us-west-2");
}
