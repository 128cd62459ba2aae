//! The way to AWS as companies have it: a proxy, and TLS by an authority of their own.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

use super::files::DEFAULT;
use super::shell::Shell;

/// A proxy and a TLS endpoint, both with the local AWS behind them.
pub struct Gate {
    pub proxy: String,
    pub https: String,
    /// The file with the authority's certificate.
    pub ca: String,
    said: BufReader<ChildStdout>,
    process: Child,
}

impl Gate {
    pub fn new(it: &Shell) -> Self {
        let mut gate = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/localstack/gate"));
        gate.args(["--to", it.account.endpoint()]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = gate.spawn().unwrap();
        let mut said = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line).unwrap();
        let text = |name: &str| told[name].as_str().unwrap().to_owned();
        Self { proxy: text("proxy"), https: text("https"), ca: text("ca"), said, process }
    }

    /// Ends it; answers with what went through the proxy, each once, in order of name.
    pub fn end(mut self) -> Vec<String> {
        drop(self.process.stdin.take());
        let mut said = String::new();
        self.said.read_to_string(&mut said).unwrap();
        self.process.wait().unwrap();
        let mut lines: Vec<String> = said.lines().map(str::to_owned).collect();
        lines.sort();
        lines.dedup();
        lines
    }
}

const LIST: &str = "get cluster --region us-west-2";

#[test]
fn a_private_authority_by_variable_flag_and_profile() {
    let it = Shell::new();
    let gate = Gate::new(&it);
    let it = it.with("AWS_ENDPOINT_URL", &gate.https);
    let refused = it.eksact(LIST).exits(1).says("UnknownIssuer").says("--ca-bundle FILE or AWS_CA_BUNDLE");
    assert!(refused.err.contains("UntrustedCertificate"), "{}", refused.err);
    it.eksact(&format!("{LIST} --ca-bundle {}", gate.ca)).exits(0);
    let it = it.with("AWS_CA_BUNDLE", &gate.ca);
    it.eksact(LIST).exits(0);
    it.file("cluster.yaml", DEFAULT);
    it.eksact("apply -f cluster.yaml").exits(0);
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
    let it = it.without("AWS_CA_BUNDLE").with("AWS_CONFIG_FILE", "config");
    it.file("config", &format!("[default]\nca_bundle = {}\n[profile other]\nregion = us-west-2\n", gate.ca));
    it.eksact(LIST).exits(0);
    it.with("AWS_PROFILE", "other").eksact(LIST).exits(1).says("UnknownIssuer");
    assert_eq!(gate.end(), [""; 0], "nobody named a proxy");
}

#[test]
fn bundles_that_are_none() {
    let it = Shell::new();
    it.file("empty.pem", "");
    it.file("words.pem", "it works!\n");
    it.file("cut.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n");
    it.file("odd.pem", "-----BEGIN CERTIFICATE-----\n%%%%\n-----END CERTIFICATE-----\n");
    it.file("other.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
    let wrong = [
        ("none.pem", "No such file"),
        ("empty.pem", "no certificate is in it"),
        ("words.pem", "no certificate is in it"),
        ("cut.pem", "not PEM"),
        ("odd.pem", "not PEM"),
        ("other.pem", "certificate 1 cannot be read"),
        (".", "Is a directory"),
    ];
    for (name, why) in wrong {
        let said = it.eksact(&format!("{LIST} --ca-bundle {name}")).exits(1).says(why);
        said.says(&format!("CA bundle {name}: ")).says("take a PEM file");
    }
    assert!(it.account.calls().is_empty());
    let it = it.with("AWS_CA_BUNDLE", "none.pem");
    it.eksact(LIST).exits(1).says("CA bundle none.pem");
    it.with("AWS_CA_BUNDLE", "").eksact(LIST).exits(0);
}

#[test]
fn through_a_proxy_to_names_that_only_it_knows() {
    let it = Shell::new();
    let gate = Gate::new(&it);
    let named = gate.proxy.replace("http://", "http://me:secret@");
    let it = it.with("AWS_ENDPOINT_URL", "https://aws.test").with("AWS_CA_BUNDLE", &gate.ca);
    it.eksact(LIST).exits(1);
    let it = it.with("HTTPS_PROXY", &named);
    it.file("cluster.yaml", DEFAULT);
    it.eksact("apply -f cluster.yaml").exits(0);
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
    assert_eq!(gate.end(), ["CONNECT aws.test:443 by me"]);
}

#[test]
fn through_a_proxy_without_tls_and_past_it() {
    let it = Shell::new();
    let gate = Gate::new(&it);
    let past = it.account.endpoint().to_owned();
    let it = it.with("AWS_ENDPOINT_URL", "http://aws.test").with("HTTP_PROXY", &gate.proxy);
    it.eksact(LIST).exits(0);
    let it = it.with("AWS_ENDPOINT_URL", &past).with("NO_PROXY", "127.0.0.1,localhost");
    it.eksact(LIST).exits(0);
    let said = gate.end();
    assert!(!said.is_empty() && said.iter().all(|line| line.contains(" http://aws.test/")), "{said:?}");
}

#[test]
fn a_proxy_that_is_not_there_is_told() {
    let it =
        Shell::new().with("HTTP_PROXY", "http://127.0.0.1:1").with("AWS_ENDPOINT_URL", "http://aws.test");
    it.eksact(LIST).exits(1).says("AWS could not be reached");
}

#[test]
fn the_cluster_is_reached_through_the_proxy_too() {
    let it = Shell::with_kubernetes();
    let gate = Gate::new(&it);
    let named = gate.proxy.replace("http://", "http://me:secret@");
    let it = it.with("HTTPS_PROXY", &named);
    it.file("cluster.yaml", DEFAULT);
    it.eksact("create cluster -f cluster.yaml").exits(0).says("2 of 2 nodes Ready");
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
    let said = gate.end();
    let [line] = said.as_slice() else { panic!("{said:?}") };
    assert!(line.starts_with("CONNECT 127.0.0.1:") && line.ends_with(" by me"), "{line}");
}
