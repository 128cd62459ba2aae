//! Tokens: what kubectl shows to a cluster, and what STS says of it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fmt::Write;

use serde_json::Value;

use crate::cli::shell::Shell;

/// The address in a token.
fn address(credential: &Value) -> String {
    let token = credential["status"]["token"].as_str().unwrap();
    let text = token.strip_prefix("k8s-aws-v1.").unwrap();
    assert!(!text.contains(['=', '+', '/']), "{text}");
    let padded =
        format!("{}{}", text.replace('-', "+").replace('_', "/"), "=".repeat((4 - text.len() % 4) % 4));
    String::from_utf8(aws_smithy_types::base64::decode(padded).unwrap()).unwrap()
}

#[test]
fn a_token_is_a_call_to_sts_that_is_bound_to_a_cluster() {
    let it = Shell::new();
    let ended = it.eksact("token --cluster demo --region us-west-2").exits(0);
    let credential = ended.json();
    assert_eq!(credential["kind"], "ExecCredential");
    assert_eq!(credential["apiVersion"], "client.authentication.k8s.io/v1beta1");
    let expires: jiff::Timestamp =
        credential["status"]["expirationTimestamp"].as_str().unwrap().parse().unwrap();
    let left = expires.duration_since(jiff::Timestamp::now()).as_mins();
    assert!((12..14).contains(&left), "{left} minutes");
    assert!(it.account.calls().is_empty(), "nothing is sent");

    let address = address(&credential);
    let (host, path) = address.strip_prefix("http://").unwrap().split_once('/').unwrap();
    assert_eq!(format!("http://{host}"), it.account.endpoint());
    let mut head = String::new();
    write!(head, "x-k8s-aws-id: demo\r\n").unwrap();
    let told = it.account.send(&format!("GET /{path}"), &head, "");
    assert!(told.contains(&format!("arn:aws:iam::{}:user/dev", it.account.number)), "{told}");
}

#[test]
fn sts_is_where_the_sdk_finds_it() {
    for (name, value, host) in [
        ("AWS_REGION", "eu-central-1", "https://sts.eu-central-1.amazonaws.com/"),
        ("AWS_REGION", "cn-north-1", "https://sts.cn-north-1.amazonaws.com.cn/"),
        ("AWS_USE_FIPS_ENDPOINT", "true", "https://sts-fips.us-east-1.amazonaws.com/"),
        ("AWS_ENDPOINT_URL_STS", "https://sts.example", "https://sts.example/"),
    ] {
        let it = Shell::new().without("AWS_ENDPOINT_URL").with("AWS_REGION", "us-east-1").with(name, value);
        let credential = it.eksact("token -c demo").exits(0).json();
        assert!(address(&credential).starts_with(host), "{}", address(&credential));
    }
}

#[test]
fn a_session_is_signed_with_its_token_and_no_credentials_are_said() {
    let it = Shell::new().with("AWS_SESSION_TOKEN", "a+b/c=");
    let credential = it.eksact("token -c demo --region us-west-2").exits(0).json();
    assert!(address(&credential).contains("X-Amz-Security-Token=a%2Bb%2Fc%3D"));
    let without = it.without("AWS_ACCESS_KEY_ID");
    without.eksact("token -c demo --region us-west-2").exits(1).says("--profile");
    without.eksact("token -c demo").exits(3).says("--region");
}

#[test]
fn a_token_comes_in_the_version_that_is_asked_for() {
    let line = "token --cluster demo --region us-west-2";
    let asking = |info: &str| Shell::new().with("KUBERNETES_EXEC_INFO", info);
    for version in ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"] {
        let info =
            format!(r#"{{"apiVersion":"{version}","kind":"ExecCredential","spec":{{"interactive":false}}}}"#);
        let ended = asking(&info).eksact(line).exits(0);
        assert_eq!((&ended.json()["apiVersion"], ended.err.as_str()), (&Value::from(version), ""));
    }
    let newer = r#"{"apiVersion":"client.authentication.k8s.io/v2","kind":"ExecCredential"}"#;
    let refused = asking(newer).eksact(line).exits(3).says("asks for client.authentication.k8s.io/v2");
    assert!(refused.says("client.authentication.k8s.io/v1beta1").out.is_empty());
    for unclear in ["nonsense", "{}", "[1]"] {
        let ended = asking(unclear).eksact(line).exits(0);
        assert_eq!(ended.json()["apiVersion"], "client.authentication.k8s.io/v1beta1");
        assert!(ended.err.contains("KUBERNETES_EXEC_INFO asks for no version"), "{}", ended.err);
    }
}
