//! Credentials as the SDK finds them, and what is said where it finds none that are good.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use super::shell::{Ended, Shell};

const LIST: &str = "get cluster --region us-west-2";
/// The SHA-1 of `company`, by which the AWS CLI files the token of a session.
const COMPANY: &str = "71b21161ffa1e6516bcc072aaf5ef38cbe85b511";

/// Somebody without keys in the environment, whose configuration is in this file.
fn configured(config: impl Fn(&str) -> String) -> Shell {
    let it = Shell::new();
    it.file("config", &config(&it.account.number));
    let it = it.without("AWS_ACCESS_KEY_ID").without("AWS_SECRET_ACCESS_KEY");
    it.with("AWS_CONFIG_FILE", "config")
}

/// As whom AWS was called.
#[track_caller]
fn called_as(it: &Shell, line: &str, caller: &str) {
    it.file("cluster.yaml", super::files::DEFAULT);
    it.eksact(&format!("plan -f cluster.yaml {line}")).exits(0).says(&format!("as {caller}"));
}

async fn role(it: &Shell, name: &str) {
    let iam = aws_sdk_iam::Client::new(&it.account.sdk().await);
    let trust = r#"{"Version":"2012-10-17","Statement":[]}"#;
    iam.create_role().role_name(name).assume_role_policy_document(trust).send().await.unwrap();
}

#[track_caller]
fn none(it: &Shell, line: &str) -> Ended {
    it.eksact(&format!("{LIST} {line}")).exits(1)
}

#[test]
fn a_profile_by_flag_comes_before_keys_in_the_environment() {
    let it = Shell::new();
    let number = it.account.number.clone();
    it.file(
        "credentials",
        &format!("[ops]\naws_access_key_id = AKIA{number}OPS\naws_secret_access_key = local\n"),
    );
    let it = it.with("AWS_SHARED_CREDENTIALS_FILE", "credentials");
    called_as(&it, "", "user/dev");
    called_as(&it, "--profile ops", "user/ops");
    let it = it.with("AWS_PROFILE", "ops");
    called_as(&it, "", "user/dev");
    let it = it.without("AWS_ACCESS_KEY_ID").without("AWS_SECRET_ACCESS_KEY");
    called_as(&it, "", "user/ops");
    none(&it, "--profile nobody").says("(profile nobody)");
}

#[tokio::test]
async fn a_chain_of_roles() {
    let it = configured(|number| {
        format!(
            "[profile base]\naws_access_key_id = AKIA{number}\naws_secret_access_key = local
[profile deploy]\nrole_arn = arn:aws:iam::{number}:role/deploy\nrole_session_name = me\nsource_profile = base
[profile admin]\nrole_arn = arn:aws:iam::{number}:role/admin\nsource_profile = deploy
[profile nowhere]\nrole_arn = arn:aws:iam::{number}:role/nowhere\nsource_profile = base
[profile round]\nrole_arn = arn:aws:iam::{number}:role/deploy\nsource_profile = round-again
[profile round-again]\nrole_arn = arn:aws:iam::{number}:role/deploy\nsource_profile = round\n"
        )
    });
    role(&it, "deploy").await;
    role(&it, "admin").await;
    called_as(&it, "--profile deploy", "role/deploy");
    called_as(&it, "--profile admin", "role/admin");
    let it = it.with("AWS_PROFILE", "admin");
    called_as(&it, "", "role/admin");
    none(&it, "--profile nowhere").says("AccessDenied").says("(profile nowhere)");
    none(&it, "--profile round").says("(profile round)");
}

#[tokio::test]
async fn a_profile_that_asks_for_a_code() {
    let it = configured(|number| {
        format!("[profile base]\naws_access_key_id = AKIA{number}\naws_secret_access_key = local
[profile safe]\nrole_arn = arn:aws:iam::{number}:role/safe\nsource_profile = base\nmfa_serial = arn:aws:iam::{number}:mfa/me
[profile above]\nrole_arn = arn:aws:iam::{number}:role/above\nsource_profile = safe\n")
    });
    let device = format!("arn:aws:iam::{}:mfa/me", it.account.number);
    for profile in ["safe", "above"] {
        let said = none(&it, &format!("--profile {profile}"));
        let said = said.says(&format!("profile safe needs a code of MFA device {device}"));
        said.says(&format!("aws configure export-credentials --profile {profile} --format env"));
    }
    role(&it, "safe").await;
    called_as(&it, "--profile safe", "role/safe");
}

#[test]
fn a_program_that_gives_credentials() {
    let it = configured(|number| {
        format!(
            "[profile program]\ncredential_process = /bin/sh give {number}
[profile failing]\ncredential_process = /bin/sh fail
[profile absent]\ncredential_process = /no/such/program\n"
        )
    });
    it.file(
        "give",
        r#"echo "{\"Version\": 1, \"AccessKeyId\": \"AKIA$1PROGRAM\", \"SecretAccessKey\": \"local\"}""#,
    );
    it.file("fail", "echo the vault is closed >&2; exit 3");
    called_as(&it, "--profile program", "user/program");
    let failed = none(&it, "--profile failing").says("the vault is closed (profile failing)");
    assert!(!failed.err.contains("panicked"), "{}", failed.err);
    none(&it, "--profile absent").says("(profile absent)");
    assert!(it.account.calls().iter().all(|call| !call.mutating));
}

#[tokio::test]
async fn a_token_of_an_identity_provider() {
    let it = configured(|number| {
        format!("[profile web]\nrole_arn = arn:aws:iam::{number}:role/web\nweb_identity_token_file = token\n")
    });
    role(&it, "web").await;
    it.file("token", "head.body.signature");
    called_as(&it, "--profile web", "role/web");
    let arn = format!("arn:aws:iam::{}:role/web", it.account.number);
    let it = it
        .with("AWS_WEB_IDENTITY_TOKEN_FILE", "token")
        .with("AWS_ROLE_ARN", &arn)
        .with("AWS_REGION", "us-west-2");
    called_as(&it, "", "role/web");
    it.file("token", "nonsense");
    let said = none(&it, "").says("InvalidIdentityToken");
    assert!(!said.err.contains("nonsense"), "a token is told to nobody: {}", said.err);
    none(&it.with("AWS_WEB_IDENTITY_TOKEN_FILE", "none"), "").says("No such file");
}

/// A portal that gives out credentials of an account for the right token, and none for others.
fn portal(number: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let keys = format!(
        "\"accessKeyId\": \"AKIA{number}SSO\", \"secretAccessKey\": \"local\", \"sessionToken\": \"local\""
    );
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = String::new();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            while reader.read_line(&mut head).is_ok_and(|read| read > 2) {}
            let known = head.contains("x-amz-sso_bearer_token: good") && head.contains("role_name=deploy");
            let (status, body) = match known {
                true => {
                    ("200 OK", format!("{{\"roleCredentials\": {{{keys}, \"expiration\": 4102444800000}}}}"))
                }
                false => {
                    ("401 Unauthorized", r#"{"message": "Session token not found or invalid"}"#.to_owned())
                }
            };
            let kind = if known { "" } else { "x-amzn-errortype: UnauthorizedException\r\n" };
            let length = body.len();
            _ = write!(
                stream,
                "HTTP/1.1 {status}\r\n{kind}connection: close\r\ncontent-length: {length}\r\n\r\n{body}"
            );
        }
    });
    format!("http://{address}")
}

fn signed_in(it: &Shell, token: &str, until: &str) {
    let cache = it.home().join(".aws/sso/cache");
    fs::create_dir_all(&cache).unwrap();
    let file = cache.join(format!("{COMPANY}.json"));
    let text = format!(
        r#"{{"accessToken": "{token}", "expiresAt": "{until}", "region": "us-west-2", "startUrl": "https://company.awsapps.com/start"}}"#
    );
    fs::write(&file, text).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
}

#[test]
fn a_session_of_single_sign_on() {
    let it = configured(|number| {
        format!(
            "[profile sso]\nsso_session = company\nsso_account_id = {number}\nsso_role_name = deploy
[sso-session company]\nsso_region = us-west-2\nsso_start_url = https://company.awsapps.com/start\n"
        )
    });
    let portal = portal(&it.account.number);
    let it = it.with("AWS_ENDPOINT_URL_SSO", &portal);
    none(&it, "--profile sso").says("aws sso login");
    signed_in(&it, "good", "2099-01-01T00:00:00Z");
    called_as(&it, "--profile sso", "user/sso");
    signed_in(&it, "good", "2001-01-01T00:00:00Z");
    none(&it, "--profile sso").says("expired").says("aws sso login");
    signed_in(&it, "revoked", "2099-01-01T00:00:00Z");
    let said = none(&it, "--profile sso").says("Session token not found or invalid").says("aws sso login");
    assert!(!said.err.contains("revoked"), "{}", said.err);
}

#[test]
fn credentials_that_aws_refuses() {
    let it = Shell::new().with("AWS_ACCESS_KEY_ID", "ASIAEXPIRED000000000");
    none(&it, "").says("renew the credentials");
    let it = it.with("AWS_ACCESS_KEY_ID", "AKIAINVALID00000000");
    none(&it, "").says("AWS does not know these credentials");
    let it = it.without("AWS_ACCESS_KEY_ID").without("AWS_SECRET_ACCESS_KEY");
    none(&it, "").says("no AWS credentials found").says("AWS_PROFILE");
}

#[test]
fn a_token_is_made_for_the_account_that_is_named_or_for_none() {
    let it = Shell::new();
    let token = "token --cluster demo --region us-west-2 --account";
    it.eksact(&format!("{token} {}", it.account.number)).exits(0).says("k8s-aws-v1.");
    let refused = it.eksact(&format!("{token} 999999999999")).exits(1).says("999999999999");
    assert!(!refused.out.contains("k8s-aws-v1."), "{}", refused.out);
}

#[test]
fn only_a_profile_that_was_given_is_in_the_kubeconfig() {
    let it = Shell::new();
    it.file("cluster.yaml", super::files::DEFAULT);
    it.eksact("create cluster -f cluster.yaml").exits(0);
    let keys = format!("aws_access_key_id = AKIA{}\naws_secret_access_key = local\n", it.account.number);
    it.file("credentials", &format!("[ops]\n{keys}[other]\n{keys}"));
    let it = it.with("AWS_SHARED_CREDENTIALS_FILE", "credentials").with("AWS_PROFILE", "ops");
    let written = |it: &Shell, flags: &str| {
        let line = format!("utils write-kubeconfig --cluster demo --region us-west-2 {flags}");
        it.eksact(&line).exits(0);
        it.read("home/.kube/config")
    };
    let it = it.without("AWS_ACCESS_KEY_ID").without("AWS_SECRET_ACCESS_KEY");
    let text = written(&it, "");
    assert!(!text.contains("AWS_PROFILE"), "whoever runs kubectl chooses: {text}");
    let text = written(&it, "--profile other");
    assert!(text.contains("- name: AWS_PROFILE\n        value: other\n"), "{text}");
}

#[test]
fn a_profile_that_is_not_there_is_named_where_no_region_is_said() {
    let it = configured(|_| "[profile there]\noutput = json\n".to_owned());
    for line in ["get cluster", "token -c demo"] {
        it.eksact(&format!("{line} --profile nobody")).exits(3).says("profile nobody is in none");
        let said = it.eksact(&format!("{line} --profile there")).exits(3).says("error: no region is said");
        said.says("--region REGION");
        it.eksact(line).exits(3).says("error: no region is said");
    }
    it.with("AWS_PROFILE", "absent").eksact("get cluster").exits(3).says("profile absent is in none");
}
