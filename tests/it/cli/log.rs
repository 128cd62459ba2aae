//! A file with all that was told and every call.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::files::DEFAULT;
use super::shell::Shell;

#[test]
fn all_that_is_told_and_every_call_is_appended_with_the_time() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.account.calls();
    let run = it.eksact("apply -f cluster.yaml --log-file run.log").exits(0);
    let calls = it.account.calls();
    let log = it.read("run.log");
    let lines: Vec<&str> = log.lines().collect();
    let told = |what: &str| -> Vec<String> {
        let of = lines.iter().filter(|line| line[25..].starts_with(what));
        of.map(|line| line[31..].to_owned()).collect()
    };
    assert!(lines.iter().all(|line| line.as_bytes()[10] == b'T' && line.as_bytes()[23] == b'Z'), "{log}");
    assert!(lines[0].ends_with("apply -f cluster.yaml --log-file run.log"), "{log}");
    assert_eq!(told("end"), ["exit code 0"]);
    assert_eq!(told("told"), run.err.lines().collect::<Vec<_>>());
    let mut sent: Vec<String> = calls.into_iter().map(|call| call.operation).collect();
    let mut heard: Vec<String> =
        told("call").iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect();
    sent.sort();
    heard.sort();
    assert_eq!(heard, sent);
    assert!(told("call").iter().all(|line| line.contains(" 200 ") || line.contains(" 4")), "{log}");
    for secret in ["AKIA", "local\n", "Signature", "Authorization"] {
        assert!(!log.contains(secret), "{secret}");
    }
    let mode = fs::metadata(it.path("run.log")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    // Another run goes on in the same file.
    it.eksact("plan -f missing.yaml --log-file run.log").exits(3);
    let more = it.read("run.log");
    assert!(
        more.starts_with(&log) && more[log.len()..].contains("told  error: cannot read missing.yaml"),
        "{more}"
    );
    assert!(more.ends_with("end   exit code 3\n"), "{more}");
}

#[test]
fn a_log_that_cannot_be_written_is_said_before_anything_is_done() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("apply -f cluster.yaml --log-file no/such/folder/run.log")
        .exits(3)
        .says("cannot write the log");
    assert!(it.account.calls().is_empty());
}
