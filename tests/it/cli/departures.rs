//! Departures from the secure defaults: counted, listed, denied, and allowed for a reason.

use insta::assert_snapshot;
use serde_json::json;

use super::files::{DEFAULT, secure};
use super::shell::Shell;

/// What `--deny-warnings` says at its end.
const DENIED: &str = "which --deny-warnings makes errors";

fn shell(text: &str) -> Shell {
    let it = Shell::new();
    it.file("cluster.yaml", text);
    it
}

#[test]
fn validate_lists_them_with_the_lines_to_write() {
    let it = shell(DEFAULT);
    let told = it.eksact("validate -f cluster.yaml").exits(0);
    assert!(told.err.is_empty(), "{}", told.err);
    assert_snapshot!("validate", told.out);
    let object = it.eksact("validate -f cluster.yaml -o json").exits(0).json();
    let departures = object["departures"].as_array().unwrap();
    assert_eq!((&object["warnings"], &object["denied"]), (&departures.len().into(), &false.into()));
    let endpoint = departures.iter().find(|it| it["check"] == "public-endpoint").unwrap();
    assert_eq!(endpoint["rules"], json!(["CKV_AWS_38", "CKV_AWS_39"]));
    assert_eq!(
        (&endpoint["line"], &endpoint["column"], &endpoint["absent"]),
        (&1.into(), &1.into(), &true.into())
    );
    assert_eq!(endpoint["write"], "vpc:\n  publicAccessCIDRs: [203.0.113.0/24]   # yours");
    let nodes = departures.iter().find(|it| it["check"] == "private-nodes").unwrap();
    assert_eq!(
        (&nodes["line"], &nodes["column"], &nodes["nodegroup"]),
        (&7.into(), &5.into(), &"ng1".into())
    );
    assert!(it.account.calls().is_empty());
}

#[test]
fn a_plan_counts_them_in_one_line() {
    let it = shell(DEFAULT);
    let listed = it.eksact("validate -f cluster.yaml -o json").exits(0).json();
    let number = listed["departures"].as_array().unwrap().len();
    let line =
        format!("{number} warnings about defaults that scanners reject: eksact validate -f cluster.yaml\n");
    it.eksact("plan -f cluster.yaml").exits(0).says(&line);
    let object = it.eksact("plan -f cluster.yaml -o json").exits(0).json();
    assert_eq!(object["departures"], number);
    it.eksact("plan -f cluster.yaml -o markdown").exits(0).says("about defaults that scanners reject");
    it.eksact("apply -f cluster.yaml").exits(0).says(&line);
    it.eksact("plan -f cluster.yaml").exits(0).says("No changes").says(&line);
    it.eksact("create cluster -f cluster.yaml").exits(0).says(&line);
    let flags = it.eksact("create cluster --name other --region us-west-2").exits(0);
    flags.says("reject: --dry-run prints a file in which they can be changed");
}

#[test]
fn denied_nothing_is_touched() {
    let it = shell(DEFAULT);
    for line in ["plan", "apply --yes", "create cluster", "create cluster --dry-run"] {
        let told = it.eksact(&format!("{line} -f cluster.yaml --deny-warnings")).exits(3);
        assert!(told.out.is_empty(), "{line}: {}", told.out);
        let all = [
            "cluster.yaml:7:5: private-nodes, nodegroup ng1",
            "privateNetworking: true",
            DENIED,
            "nothing was touched",
        ];
        assert!(all.iter().all(|part| told.err.contains(part)), "{line}: {}", told.err);
    }
    let object = it.eksact("plan -f cluster.yaml --deny-warnings -o json").exits(3).json();
    assert_eq!((&object["kind"], &object["denied"]), (&"Diagnostics".into(), &true.into()));
    let told = it.eksact("validate -f cluster.yaml --deny-warnings").exits(3);
    assert!(told.out.contains("private-nodes") && told.err.contains(DENIED), "{}", told.err);
    let object = it.eksact("validate -f cluster.yaml --deny-warnings -o json").exits(3).json();
    assert_eq!(object["denied"], true);
    // Flags have eksctl's defaults.
    it.eksact("create cluster --name demo --region us-west-2 --deny-warnings").exits(3);
    assert!(it.account.calls().is_empty());
}

#[test]
fn a_warning_about_the_file_is_denied_like_a_departure() {
    let it = shell(&format!("{}vpc:\n", safe()));
    it.eksact("validate -f cluster.yaml").exits(0).says("warning[W0303]");
    let told = it.eksact("plan -f cluster.yaml --deny-warnings").exits(3);
    assert!(
        told.err.contains("warning[W0303]") && told.err.contains(&format!("1 warning, {DENIED}")),
        "{}",
        told.err
    );
    assert!(it.account.calls().is_empty());
}

/// A file that departs nowhere that is not allowed.
fn safe() -> String {
    format!(
        "# eksact:allow creator-admin, cni-permissions, public-endpoint, secrets-encryption, control-plane-logs, private-endpoint, authentication-mode, private-nodes, volume-encryption, imds-hop-limit, support-policy, deletion-protection: a lab\n{DEFAULT}"
    )
}

#[test]
fn what_is_allowed_is_listed_with_its_reason_and_not_counted() {
    let it = shell(&safe());
    let told = it.eksact("validate -f cluster.yaml --deny-warnings").exits(0);
    assert_snapshot!("allowed", told.out);
    let object = it.eksact("validate -f cluster.yaml -o json").exits(0).json();
    assert_eq!(object["warnings"], 0);
    assert_eq!(object["departures"][0]["waiver"], json!({ "reason": "a lab", "line": 1, "column": 1 }));
    let plan = it.eksact("plan -f cluster.yaml --deny-warnings").exits(0);
    assert!(!plan.out.contains("scanners") && !plan.err.contains("scanners"), "{}", plan.out);
    // What is allowed is allowed no more once the comment goes, or its reason.
    it.edit("cluster.yaml", ": a lab", ":");
    let told = it.eksact("plan -f cluster.yaml --deny-warnings").exits(3);
    assert!(told.err.contains("warning[W0307]") && told.err.contains("13 warnings,"), "{}", told.err);
}

#[test]
fn our_own_language_is_safe_but_for_what_no_default_can_know() {
    let it = shell(&secure(
        "123456789012",
        "arn:aws:kms:us-west-2:123456789012:key/7c0a59a2-1f4a-4f4e-9d5b-2f8d3a1b6c7d",
    ));
    it.eksact("validate -f cluster.yaml --deny-warnings").exits(0);
    it.file("cluster.yaml", &DEFAULT.replace("eksctl.io/v1alpha5", "eksact.dev/v1alpha1"));
    assert_snapshot!("ours", it.eksact("validate -f cluster.yaml").exits(0).out);
}

#[test]
fn checks_are_explained() {
    let it = Shell::new();
    assert_snapshot!("explain", it.eksact("explain public-endpoint").exits(0).out);
    assert_eq!(
        it.eksact("explain ckv_aws_58").exits(0).out,
        it.eksact("explain secrets-encryption").exits(0).out
    );
    assert_eq!(it.eksact("explain imds-v1 -o json").exits(0).json()["kind"], "Check");
    assert_snapshot!("checks", it.eksact("explain checks").exits(0).out);
    it.eksact("explain no-such-check").exits(3).says("explain checks");
    assert!(it.account.calls().is_empty());
}
