//! Service accounts of `iam.serviceAccounts` and of associations, with a real API server.

use serde_json::{Value, json};

use super::shell::Shell;

/// A cluster without any.
const NONE: &str = "\
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: demo, region: us-west-2}
addons: [{name: eks-pod-identity-agent}]
";
/// One of each way, and one whose role alone is made.
const SOME: &str = "\
iam:
  withOIDC: true
  serviceAccounts:
    - metadata: {name: api, namespace: web, labels: {team: web}, annotations: {note: mine}}
      attachPolicyARNs: [arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore]
    - {metadata: {name: lone, namespace: apart}, roleOnly: true, wellKnownPolicies: {externalDNS: true}}
  podIdentityAssociations:
    - namespace: jobs
      serviceAccountName: worker
      createServiceAccount: true
      wellKnownPolicies: {externalDNS: true}
";
const ROLE: &str = "eks.amazonaws.com/role-arn";
const PLAN: &str = "plan -f cluster.yaml --detailed-exitcode";

fn cluster(file: &str) -> Shell {
    let it = Shell::with_kubernetes();
    it.file("cluster.yaml", file);
    it.eksact("create cluster -f cluster.yaml --skip-preflight").exits(0);
    it
}

fn whole() -> String {
    format!("{NONE}{SOME}")
}

/// An object's metadata.
fn metadata(it: &Shell, what: &str) -> Value {
    let object: Value = serde_json::from_str(&it.kubectl(&format!("get {what} -o json"), None)).unwrap();
    object["metadata"].clone()
}

/// The names of what there is of a kind.
fn names(it: &Shell, kind: &str) -> Vec<String> {
    it.kubectl(&format!("get {kind} -o name"), None).lines().map(str::to_owned).collect()
}

/// The roles of the account whose names have this in them, by ARN.
fn roles(it: &Shell, part: &str) -> Vec<String> {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let iam = aws_sdk_iam::Client::new(&it.account.sdk().await);
        let roles = iam.list_roles().send().await.unwrap().roles;
        roles.into_iter().map(|role| role.arn).filter(|arn| arn.contains(part)).collect()
    })
}

#[test]
fn they_are_made_with_their_namespaces_and_lead_to_their_roles() {
    let it = cluster(&whole());
    let api = metadata(&it, "sa api -n web");
    let [role] = &roles(&it, "web.api")[..] else { panic!("{:?}", roles(&it, "")) };
    assert_eq!(api["annotations"][ROLE], json!(role));
    assert_eq!((&api["annotations"]["note"], &api["labels"]["team"]), (&json!("mine"), &json!("web")));
    assert_eq!(api["labels"]["app.kubernetes.io/managed-by"], "eksact");
    let worker = metadata(&it, "sa worker -n jobs");
    assert_eq!(worker["annotations"].get(ROLE), None, "the agent gives it its role");
    assert_eq!(metadata(&it, "ns web")["labels"]["app.kubernetes.io/managed-by"], "eksact");
    assert_eq!(roles(&it, "apart.lone").len(), 1);
    let namespaces = names(&it, "ns");
    assert!(namespaces.contains(&"namespace/jobs".to_owned()), "{namespaces:?}");
    assert!(!namespaces.contains(&"namespace/apart".to_owned()), "only a role was asked for: {namespaces:?}");
    it.eksact(PLAN).exits(0).says("No changes");
}

#[test]
fn what_somebody_changes_of_ours_is_put_back_and_what_is_theirs_stays() {
    let it = cluster(&whole());
    let before = metadata(&it, "sa api -n web");
    it.kubectl("annotate sa api -n web theirs=1", None);
    it.kubectl("label sa api -n web theirs=1", None);
    it.eksact(PLAN).exits(0).says("No changes");
    let edits = [
        format!("annotate sa api -n web --overwrite {ROLE}=arn:aws:iam::111122223333:role/theirs"),
        format!("annotate sa api -n web {ROLE}-"),
        "annotate sa api -n web --overwrite note=theirs".to_owned(),
        "label sa api -n web team-".to_owned(),
        "label sa api -n web --overwrite team=theirs".to_owned(),
        "delete sa worker -n jobs".to_owned(),
    ];
    for edit in edits {
        it.kubectl(&edit, None);
        let plan = it.eksact(PLAN).exits(2);
        assert_eq!(
            plan.out.matches("service accounts").count() + plan.out.matches("ServiceAccount").count(),
            1,
            "{}",
            plan.out
        );
        it.eksact("apply -f cluster.yaml --yes").exits(0);
        let now = metadata(&it, "sa api -n web");
        for (map, key) in [("annotations", ROLE), ("annotations", "note"), ("labels", "team")] {
            assert_eq!(now[map][key], before[map][key], "{edit}");
        }
        assert_eq!((&now["annotations"]["theirs"], &now["labels"]["theirs"]), (&json!("1"), &json!("1")));
        it.eksact(PLAN).exits(0).says("No changes");
    }
    metadata(&it, "sa worker -n jobs");
}

#[test]
fn what_leaves_the_file_goes_and_a_namespace_that_was_made_for_it_stays() {
    let it = cluster(&whole());
    let theirs = json!({ "apiVersion": "v1", "kind": "ConfigMap", "data": { "a": "b" },
        "metadata": { "name": "theirs", "namespace": "web" } });
    it.kubectl("apply -f -", Some(&theirs));
    it.edit("cluster.yaml", "labels: {team: web}, annotations: {note: mine}", "labels: {}, annotations: {}");
    it.edit("cluster.yaml", "      createServiceAccount: true\n", "");
    it.eksact("apply -f cluster.yaml --yes").exits(0);
    let api = metadata(&it, "sa api -n web");
    assert_eq!((api["annotations"].get("note"), api["labels"].get("team")), (None, None), "{api}");
    assert!(api["annotations"].get(ROLE).is_some(), "{api}");
    assert_eq!(names(&it, "sa -n jobs"), [""; 0]);
    it.eksact(PLAN).exits(0).says("No changes");

    it.file("cluster.yaml", NONE);
    it.eksact("apply -f cluster.yaml --yes").exits(0);
    assert_eq!(names(&it, "sa -n web"), [""; 0]);
    assert!(names(&it, "cm -n web").contains(&"configmap/theirs".to_owned()));
    assert_eq!(roles(&it, "serviceaccount"), [""; 0]);
    it.eksact(PLAN).exits(0).says("No changes");
    it.kubectl("get ns web jobs", None);
}

#[test]
fn one_that_is_there_without_our_mark_is_somebody_elses_until_it_is_taken_over() {
    let it = cluster(NONE);
    it.kubectl("create ns web", None);
    it.kubectl("create sa api -n web", None);
    it.kubectl("label sa api -n web app.kubernetes.io/managed-by=Helm", None);
    it.file("cluster.yaml", &whole());
    it.sent();
    let refused = it.eksact("apply -f cluster.yaml --yes").exits(1);
    refused.says("ServiceAccount web/api, managed by Helm").says("--force-conflicts");
    it.nothing_sent();
    assert!(!names(&it, "ns").contains(&"namespace/jobs".to_owned()), "nothing is half done");
    it.eksact("apply -f cluster.yaml --yes --force-conflicts").exits(0);
    assert!(metadata(&it, "sa api -n web")["annotations"].get(ROLE).is_some());
    it.eksact(PLAN).exits(0).says("No changes");

    // Their namespace stays theirs.
    assert_eq!(metadata(&it, "ns web")["labels"].get("app.kubernetes.io/managed-by"), None);
    it.file("cluster.yaml", NONE);
    it.eksact("apply -f cluster.yaml --yes").exits(0);
    assert_eq!(names(&it, "sa -n web"), [""; 0]);
}
