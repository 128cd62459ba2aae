//! What people get wrong: each is told on one screen, with the code that it has, and nothing is sent.

use std::io::{Read, Write};
use std::net::TcpListener;

use insta::assert_snapshot;

use super::files::{DEFAULT, with};
use super::shell::{Ended, Shell};

/// What was said, without what differs from run to run.
fn said(it: &Shell, ended: &Ended) -> String {
    let told = ended.err.replace(&it.account.number, "123456789012");
    assert!(told.lines().count() <= 25, "that is more than a screen:\n{told}");
    match told.split_once(" (request ") {
        Some((before, after)) => format!("{before} (request …){}", after.split_once(')').unwrap().1),
        None => told,
    }
}

/// That this file is refused by all that read it, with nothing asked of AWS; what is said.
fn refused_unread(text: &str) -> String {
    let it = Shell::new();
    it.file("cluster.yaml", text);
    let told = it.eksact("validate -f cluster.yaml").exits(3);
    let lines = ["plan", "apply", "create cluster", "delete cluster"];
    for line in lines {
        let also = it.eksact(&format!("{line} -f cluster.yaml")).exits(3);
        assert_eq!(also.err, told.err);
    }
    assert!(it.account.calls().is_empty());
    said(&it, &told)
}

/// That AWS does not have what this file asks for; what is said.
fn refused_by_aws(text: &str) -> String {
    let it = Shell::new();
    it.file("cluster.yaml", text);
    it.eksact("validate -f cluster.yaml").exits(0);
    let told = it.eksact("plan -f cluster.yaml").exits(1);
    for line in ["apply", "create cluster"] {
        let also = it.eksact(&format!("{line} -f cluster.yaml")).exits(1);
        assert_eq!(also.err, told.err);
    }
    it.nothing_sent();
    said(&it, &told)
}

#[test]
fn files_that_cannot_be_read() {
    let it = Shell::new();
    for line in ["validate", "plan", "apply", "create cluster", "delete cluster"] {
        it.eksact(&format!("{line} -f none.yaml")).exits(3).says("cannot read none.yaml: No such file");
    }
    it.file("latin.yaml", "");
    assert!(it.account.calls().is_empty());
    assert_snapshot!("missing_file", said(&it, &it.eksact("plan -f none.yaml")));
    assert_snapshot!("empty_file", refused_unread(""));
    assert_snapshot!("only_comments", refused_unread("# nothing\n"));
    assert_snapshot!("tab", refused_unread(&DEFAULT.replace("  - name", "\t- name")));
    assert_snapshot!("not_a_map", refused_unread("- a\n- b\n"));
    assert_snapshot!("unclosed", refused_unread(&with("vpc: {cidr: [")));
}

#[test]
fn fields_that_are_wrong() {
    assert_snapshot!(
        "unknown_field",
        refused_unread(&with("managedNodeGroups: [{name: ng1, desiredCapcity: 2}]"))
    );
    assert_snapshot!("wrong_type", refused_unread(&with("managedNodeGroups: [{name: ng1, minSize: two}]")));
    assert_snapshot!(
        "two_errors",
        refused_unread(&with("vpc: {cdir: 10.0.0.0/16}\nmanagedNodeGroups: [{name: ng1, spot: often}]"))
    );
    assert_snapshot!("small_cidr", refused_unread(&with("vpc: {cidr: 10.0.0.0/28}")));
    assert_snapshot!("one_zone", refused_unread(&with("availabilityZones: [us-west-2a]")));
    assert_snapshot!(
        "desired_above_max",
        refused_unread(&with("managedNodeGroups: [{name: ng1, desiredCapacity: 8, maxSize: 4}]"))
    );
    assert_snapshot!("not_yet", refused_unread(&with("fargateProfiles: [{name: fp}]")));
    let nameless = "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {region: us-west-2}\n";
    assert_snapshot!("no_name", refused_unread(nameless));
}

#[test]
fn what_aws_does_not_have() {
    let version = with("").replace("region: us-west-2", "region: us-west-2, version: \"1.99\"");
    assert_snapshot!("unknown_version", refused_by_aws(&version));
    let group = |field: &str| with(&format!("managedNodeGroups: [{{name: ng1, {field}}}]"));
    assert_snapshot!("unknown_instance_type", refused_by_aws(&group("instanceType: q9.huge")));
    assert_snapshot!("unknown_addon", refused_by_aws(&with("addons: [{name: nonsense}]")));
    assert_snapshot!(
        "unknown_addon_version",
        refused_by_aws(&with("addons: [{name: vpc-cni, version: v0.0.1}]"))
    );
    assert_snapshot!("unknown_zone", refused_by_aws(&with("availabilityZones: [us-west-2a, us-west-2z]")));
    let given = with("vpc: {subnets: {private: {a: {id: subnet-0a}, b: {id: subnet-0b}}}}");
    assert_snapshot!(
        "unknown_subnet",
        refused_by_aws(&given.replace("0a", "0123abcd").replace("0b}", "0123abce}"))
    );
    let role = with("iam: {serviceRoleARN: \"arn:aws:iam::123456789012:role/none\"}");
    assert_snapshot!("unknown_role", refused_by_aws(&role));
}

#[test]
fn regions_that_are_missing_or_contradict() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    let lines = [
        "get cluster",
        "get nodegroup --cluster demo",
        "create cluster --name demo",
        "delete cluster --name demo --yes",
        "scale nodegroup --cluster demo --name ng1 --nodes 3",
    ];
    for line in lines {
        assert_snapshot!("no_region", said(&it, &it.eksact(line).exits(3)));
    }
    for line in ["plan", "apply", "create cluster", "delete cluster"] {
        let told = it.eksact(&format!("{line} -f cluster.yaml --region eu-west-1")).exits(3);
        assert_snapshot!("wrong_region", said(&it, &told));
    }
    assert!(it.account.calls().is_empty());
    let it = it.with("AWS_REGION", "us-west-2");
    it.eksact("get cluster").exits(0);
    it.eksact("plan -f cluster.yaml --region us-west-2").exits(0);
    let it = it.without("AWS_REGION").with("AWS_DEFAULT_REGION", "eu-west-1");
    it.eksact("get cluster").exits(0);
    // The file's region is meant, whatever the environment says.
    it.eksact("plan -f cluster.yaml").exits(0).says("us-west-2");
}

/// Every end says what to type next: here of what is wrong before AWS is asked.
#[test]
fn what_is_wrong_on_a_command_line_is_told_with_what_to_type() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.file("none.yaml", &with(""));
    std::fs::write(it.path("latin.yaml"), b"metadata: {name: caf\xe9}\n").unwrap();
    let lines = [
        ("plan -f gone.yaml", "--dry-run prints one to begin with"),
        ("plan -f home", "-f home/cluster.yaml"),
        ("plan -f latin.yaml", "save it as UTF-8"),
        ("delete nodegroup --cluster demo", "eksact delete nodegroup NAME --cluster CLUSTER"),
        ("delete nodegroup -f none.yaml", "they stand under `managedNodeGroups`"),
        ("delete nodegroup -f cluster.yaml --exclude *", "there are ng1: leave some of them out"),
        ("create cluster --name demo --region us-west-2 --tags team", "such as --tags team=payments"),
        ("validate -f cluster.yaml --deny-warnings", "eksact explain checks"),
        ("plan -f cluster.yaml --log-file none/log", "make it with mkdir -p"),
        ("apply -f cluster.yaml --events home", "name a file that you may write"),
        ("delete cluster -f cluster.yaml --yes --receipt none/receipt", "make it with mkdir -p"),
    ];
    for (line, next) in lines {
        it.eksact(line).exits(3).says("error: ").says("  hint: ").says(next);
    }
    assert!(it.account.calls().is_empty());
}

/// What each kind of command says of one and the same trouble with AWS itself.
fn troubled(it: &Shell, codes: &[&str]) -> String {
    it.file("cluster.yaml", DEFAULT);
    let lines = [
        "plan -f cluster.yaml",
        "apply -f cluster.yaml",
        "create cluster -f cluster.yaml",
        "delete cluster -f cluster.yaml --yes",
        "get nodegroup --cluster demo --region us-west-2",
        "scale nodegroup --cluster demo --name ng1 --nodes 3 --region us-west-2",
    ];
    for line in lines {
        // Of several calls at once any may be the first to fail.
        let told = it.eksact(line).exits(1).says("error: ").says("hint: ");
        assert!(codes.iter().any(|code| told.err.contains(code)), "{line}: {}", told.err);
        assert!(told.out.is_empty(), "{}", told.out);
    }
    it.nothing_sent();
    said(it, &it.eksact("get cluster --region us-west-2").exits(1))
}

#[test]
fn credentials_that_are_missing_expired_or_unknown() {
    let none = || Shell::new().without("AWS_ACCESS_KEY_ID").without("AWS_SECRET_ACCESS_KEY");
    assert_snapshot!("no_credentials", troubled(&none(), &["no AWS credentials"]));
    let expired = Shell::new().with("AWS_ACCESS_KEY_ID", "ASIAEXPIRED000000000");
    let codes = ["ExpiredToken", "ExpiredTokenException", "RequestExpired"];
    assert_snapshot!("expired_credentials", troubled(&expired, &codes));
    let unknown = Shell::new().with("AWS_ACCESS_KEY_ID", "AKIAINVALID000000000");
    let codes = ["InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure"];
    assert_snapshot!("unknown_credentials", troubled(&unknown, &codes));
}

/// Where something else than AWS answers each request like this.
fn answering(answer: &'static str) -> Shell {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            _ = stream.read(&mut [0; 65_536]);
            _ = stream.write_all(answer.as_bytes());
        }
    });
    Shell::new().with("AWS_ENDPOINT_URL", &endpoint)
}

#[test]
fn endpoints_that_are_not_aws() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let refused = Shell::new().with("AWS_ENDPOINT_URL", &format!("http://{closed}"));
    let told = troubled(&refused, &["Connection refused"]);
    assert_snapshot!("refused_connection", told);
    let lacking =
        answering("HTTP/1.1 501 Not Implemented\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}");
    assert_snapshot!("not_implemented", troubled(&lacking, &["501"]));
    let page = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\ncontent-length: 14\r\n\r\n<p>Log in.</p>";
    assert_snapshot!("a_page", troubled(&answering(page), &["HTTP200"]));
    let other = answering("SSH-2.0-OpenSSH_9.6\r\n");
    assert_snapshot!("another_protocol", troubled(&other, &["ConnectionFailed"]));
}
