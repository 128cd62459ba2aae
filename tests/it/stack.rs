//! The local AWS: one for all tests of this binary, and in it an account of its own for each test.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_config::{BehaviorVersion, ConfigLoader, SdkConfig};
use aws_credential_types::Credentials;
use eksact::aws::{Aws, Settings};
use serde_json::{Value, json};

/// How much faster than AWS it is: a control plane takes a tenth of a second.
const FACTOR: &str = "5000";
pub const REGION: &str = "us-west-2";

/// It stops when this process ends, for then its standard input does.
struct Stack {
    endpoint: String,
    _process: Child,
}

fn stack() -> &'static Stack {
    static STACK: OnceLock<Stack> = OnceLock::new();
    STACK.get_or_init(|| {
        let serve = concat!(env!("CARGO_MANIFEST_DIR"), "/localstack/serve");
        let mut serve = Command::new(serve);
        serve.args(["--until-eof", "--factor", FACTOR]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = serve.spawn().expect("the local AWS can be started");
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line).expect("the local AWS says where it is");
        Stack { endpoint: told["endpoint"].as_str().unwrap().to_owned(), _process: process }
    })
}

/// An account that nobody else uses.
pub struct Account {
    pub number: String,
}

/// One call, as the local AWS has written it down.
#[derive(Debug)]
pub struct Call {
    /// `ec2:CreateVpc`.
    pub operation: String,
    /// The code of its error; empty, if it had none.
    pub code: String,
    pub mutating: bool,
    pub params: Value,
}

impl Account {
    pub fn new() -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(100_000_000_000);
        Self { number: NUMBER.fetch_add(1, Ordering::Relaxed).to_string() }
    }

    /// Where it is called.
    pub fn endpoint(&self) -> &'static str {
        &stack().endpoint
    }

    /// The beginning of a configuration by which it is called.
    pub fn loader(&self) -> ConfigLoader {
        self.loader_of(&format!("AKIA{}", self.number))
    }

    /// The same, with another access key.
    pub fn loader_of(&self, key: &str) -> ConfigLoader {
        let credentials = Credentials::new(key, "local", None, None, "tests");
        let defaults = aws_config::defaults(BehaviorVersion::latest()).endpoint_url(self.endpoint());
        defaults.credentials_provider(credentials)
    }

    /// The account as a cluster sees it.
    pub async fn aws(&self, cluster: &str) -> Aws {
        self.aws_in(REGION, cluster).await
    }

    pub async fn aws_in(&self, region: &str, cluster: &str) -> Aws {
        let settings = Settings { region: Some(region.to_owned()), ..Settings::new(cluster) };
        Aws::connect_with(self.loader(), &settings).await.unwrap()
    }

    /// For what others do in the account.
    pub async fn sdk(&self) -> SdkConfig {
        self.loader().region(aws_config::Region::new(REGION)).load().await
    }

    /// Which calls fail from now on, and how; nothing, for none.
    pub fn faults(&self, rules: Value) {
        self.control("POST", "faults", &rules);
    }

    /// How many calls the first of these rules was asked about.
    pub fn seen(&self) -> usize {
        let rules: Value = serde_json::from_str(&self.control("GET", "faults", &json!(null))).unwrap();
        rules[0]["seen"].as_u64().unwrap_or_default() as usize
    }

    /// What will not work out, of what begins from now on.
    pub fn fail(&self, failures: Value) {
        self.control("POST", "fail", &failures);
    }

    pub fn settings(&self, settings: Value) {
        self.control("POST", "settings", &settings);
    }

    /// Takes the calls that were made so far.
    pub fn calls(&self) -> Vec<Call> {
        let told: Value = serde_json::from_str(&self.control("GET", "calls", &json!(null))).unwrap();
        self.control("DELETE", "calls", &json!(null));
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let call = |it: &Value| Call {
            operation: format!("{}:{}", text(&it["service"]), text(&it["operation"])),
            code: text(&it["code"]),
            mutating: it["mutating"].as_bool().unwrap_or_default(),
            params: it["params"].clone(),
        };
        told.as_array().unwrap().iter().map(call).collect()
    }

    /// How often an operation was called since they were last asked for.
    pub fn count(&self, operation: &str) -> usize {
        self.calls().iter().filter(|call| call.operation == operation).count()
    }

    /// Everything in the account, a line each, but for what AWS itself leaves behind: the log group of a
    /// cluster, and its own key for volumes.
    pub fn inventory(&self) -> Vec<String> {
        let lines = self.control("GET", "inventory", &json!(null));
        let stays = |line: &&str| line.starts_with("logs\tgroup\t") || line.starts_with("kms\tkey\t");
        lines.lines().filter(|line| !stays(line)).map(str::to_owned).collect()
    }

    /// A key of the account's own, by its ARN.
    pub fn kms_key(&self) -> String {
        let scope = format!("AKIA{}/20260101/{REGION}/kms/aws4_request", self.number);
        let headers = format!(
            "Authorization: AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0\r\n\
             X-Amz-Target: TrentService.CreateKey\r\nContent-Type: application/x-amz-json-1.1\r\n"
        );
        let told: Value = serde_json::from_str(&self.send("POST /", &headers, "{}")).unwrap();
        told["KeyMetadata"]["Arn"].as_str().unwrap().to_owned()
    }

    fn control(&self, method: &str, name: &str, body: &Value) -> String {
        let to = format!("{method} /_local/{name}?account={}", self.number);
        self.send(&to, "", &body.to_string())
    }

    pub fn send(&self, to: &str, headers: &str, body: &str) -> String {
        let host = self.endpoint().strip_prefix("http://").unwrap();
        let length = body.len();
        let head = format!("{to} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {length}\r\n{headers}");
        let mut stream = TcpStream::connect(host).unwrap();
        write!(stream, "{head}Connection: close\r\n\r\n{body}").unwrap();
        answer(stream)
    }
}

/// The body of an answer; anything but success is a failed test.
fn answer(stream: TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let (mut length, mut line) = (0, String::new());
    reader.read_line(&mut line).unwrap();
    let status = line.clone();
    while line.trim_end() != "" {
        line.clear();
        reader.read_line(&mut line).unwrap();
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let body = String::from_utf8(body).unwrap();
    assert!(status.contains(" 200 "), "{status}{body}");
    body
}
