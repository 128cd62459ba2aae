//! Who is let in, and that nobody locks themselves out by mistake.

use serde_json::json;

use super::files::DEFAULT;
use super::shell::Shell;

const ADMIN: &str = "AmazonEKSClusterAdminPolicy";
const VIEW: &str = "AmazonEKSViewPolicy";

/// The default file with these users let in, each by a policy for the whole cluster.
fn with(it: &Shell, creator: bool, users: &[(&str, &str)]) -> String {
    let entry = |(user, policy): &(&str, &str)| {
        format!(
            "
    - principalARN: arn:aws:iam::{}:user/{user}
      accessPolicies:
        - policyARN: arn:aws:eks::aws:cluster-access-policy/{policy}
          accessScope: {{type: cluster}}",
            it.account.number
        )
    };
    let entries: String = users.iter().map(entry).collect();
    let entries = if entries.is_empty() { " []".to_owned() } else { entries };
    format!(
        "{DEFAULT}accessConfig:\n  bootstrapClusterCreatorAdminPermissions: {creator}\n  accessEntries:{entries}\n"
    )
}

fn key(it: &Shell, user: &str) -> String {
    format!("access-entry/arn:aws:iam::{}:user/{user}", it.account.number)
}

#[test]
fn the_life_of_access_entries() {
    let it = Shell::new();
    let before = it.account.inventory();
    it.file("cluster.yaml", &with(&it, true, &[("ann", ADMIN), ("bob", VIEW)]));
    let plan = it.eksact("plan -f cluster.yaml").exits(0);
    plan.says("+ access           user/ann (ClusterAdmin), user/bob (View)").says("25 resources to create");
    it.eksact("apply -f cluster.yaml").exits(0).says("demo is ready");
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
    it.file("cluster.yaml", &with(&it, true, &[("ann", VIEW)]));
    let plan = it.eksact("plan -f cluster.yaml").exits(0).says(&format!("- {}", key(&it, "bob")));
    plan.says("AccessPolicies.AmazonEKSViewPolicy")
        .says("- {Type: cluster}")
        .says("1 to change, 1 to delete");
    it.sent();
    it.eksact("apply -f cluster.yaml --yes").exits(0);
    let sent = ["eks:AssociateAccessPolicy", "eks:DeleteAccessEntry", "eks:DisassociateAccessPolicy"];
    assert_eq!(it.sent(), sent);
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
    it.sent();
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0).says("nothing of it is left");
    assert!(!it.sent().contains(&"eks:DeleteAccessEntry".to_owned()), "EKS takes them away with the cluster");
    assert_eq!(it.account.inventory(), before);
}

/// EKS makes an entry for who makes the cluster, and the file says something else of them.
#[test]
fn the_creator_is_let_in_as_the_file_says() {
    let it = Shell::new();
    it.file("cluster.yaml", &with(&it, true, &[("dev", VIEW)]));
    it.eksact("apply -f cluster.yaml").exits(0).says("demo is ready");
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
    it.sent();
    it.eksact("apply -f cluster.yaml").exits(0).says("No changes");
    it.nothing_sent();
}

#[test]
fn a_cluster_that_lets_its_creator_do_nothing_is_not_made_by_mistake() {
    let it = Shell::new();
    it.file("cluster.yaml", &with(&it, false, &[("ann", ADMIN)]));
    let why = "error: the caller could do nothing in cluster/demo";
    it.eksact("plan -f cluster.yaml").exits(1).says("+ control plane").says(why).says("--allow-lockout");
    it.eksact("apply -f cluster.yaml").exits(1).says(why).says("cluster.yaml:4:9");
    it.eksact("create cluster -f cluster.yaml").exits(1).says(why);
    it.eksact("apply -f cluster.yaml -o json").exits(1).says(why);
    it.nothing_sent();
    let told = it.eksact("plan -f cluster.yaml -o json").exits(1).json();
    assert_eq!((&told["kind"], &told["lockout"]["key"]), (&json!("Plan"), &json!("cluster/demo")));
    // Who is let in makes it without a word.
    let ann = it.colleague("ANN");
    ann.file("cluster.yaml", &with(&it, false, &[("ann", ADMIN)]));
    assert_eq!(ann.eksact("plan -f cluster.yaml -o json").exits(0).json()["lockout"], json!(null));
    it.eksact("plan -f cluster.yaml --allow-lockout").exits(0);
    it.eksact("create cluster -f cluster.yaml --allow-lockout").exits(0).says("demo is ready");
    // Later on it takes nothing from anybody who had nothing.
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
}

#[test]
fn nobody_takes_their_own_access_away_by_mistake() {
    let it = Shell::new();
    it.file("cluster.yaml", &with(&it, true, &[("dev", ADMIN), ("ann", ADMIN)]));
    it.eksact("apply -f cluster.yaml").exits(0);
    it.sent();
    let (dev, ann) = (key(&it, "dev"), it.colleague("ANN"));
    for (text, why) in [
        (
            with(&it, true, &[("ann", ADMIN)]),
            format!("error: {dev} is the caller's own, and would be deleted"),
        ),
        (
            with(&it, true, &[("dev", VIEW), ("ann", ADMIN)]),
            format!("{dev} is the caller's own, and would not let"),
        ),
    ] {
        it.file("cluster.yaml", &text);
        it.eksact("plan -f cluster.yaml").exits(1).says(&why);
        it.eksact("apply -f cluster.yaml --yes").exits(1).says(&why).says("nothing was changed");
        it.nothing_sent();
        // Somebody else sees the same plan, and may carry it out.
        ann.file("cluster.yaml", &text);
        let theirs = ann.eksact("plan -f cluster.yaml").exits(0).out;
        let ours = it.eksact("plan -f cluster.yaml").exits(1).out;
        assert_eq!(ours, theirs.replacen("as user/ann", "as user/dev", 1));
    }
    it.eksact("apply -f cluster.yaml --yes --allow-lockout").exits(0);
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
}

#[test]
fn what_counts_only_at_creation_is_said_to_change_nothing() {
    let it = Shell::new();
    it.file("cluster.yaml", &with(&it, true, &[("dev", ADMIN)]));
    it.eksact("apply -f cluster.yaml").exits(0);
    it.file("cluster.yaml", &with(&it, false, &[("dev", ADMIN)]));
    let plan = it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
    plan.says("AccessConfig.BootstrapClusterCreatorAdminPermissions counts only when a cluster is made: it was true");
}

#[test]
fn a_run_that_is_killed_between_an_entry_and_its_policy_is_gone_on_with() {
    let it = Shell::new();
    it.file("cluster.yaml", &with(&it, true, &[("ann", ADMIN), ("bob", VIEW)]));
    assert!(it.killed_before("apply -f cluster.yaml", "AssociateAccessPolicy", 1));
    it.eksact("apply -f cluster.yaml").exits(0);
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
}

/// Without the right to list entries the rest is applied, and what cannot be known is said.
#[test]
fn entries_that_cannot_be_listed_are_not_guessed() {
    let it = Shell::new();
    it.file("cluster.yaml", &with(&it, true, &[("ann", ADMIN)]));
    it.eksact("apply -f cluster.yaml").exits(0);
    it.file("cluster.yaml", &with(&it, true, &[]).replace("- name: ng1", "- name: ng1\n    labels: {a: b}"));
    it.account.faults(json!({ "operation": "ListAccessEntries", "kind": "deny" }));
    it.eksact("apply -f cluster.yaml --yes").exits(4).says("every access-entry").says("cannot be read");
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0).says("nothing of it is left");
}
