//! The plan, and a run's end, as people read them.

use std::path::PathBuf;
use std::time::Duration;

use eksact::apply::{Cause, Failure, Halt, Summary};
use eksact::config::Source;
use eksact::desired::desired;
use eksact::ops::{Draft, Inside, Kubeconfig, NodesOf, Removal, Short, Unreached};
use eksact::plan::{delete, plan};
use eksact::resource::{Key, Trouble};
use eksact::view::markdown;
use eksact::view::plan::{self as shown, Screen};
use eksact::view::readiness::unfinished;
use eksact::view::summary::{End, failed, ready};
use eksact::world::{Class, Snapshot, WorldError};
use insta::assert_snapshot;

use super::looks::looks;
use crate::desired::desk::{facts, living, model};

pub const FILE: &str = "\
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: demo, region: us-west-2}
managedNodeGroups:
  - name: ng1
    instanceType: m5.large
    minSize: 1
    desiredCapacity: 2
    maxSize: 4
    labels: {stage: beta}
";

/// A file where another one has been applied, or nothing.
pub fn draft(text: &str, before: Option<&str>) -> (Source, Draft) {
    let mut facts = facts();
    for version in &mut facts.versions {
        version.standard_until = Some("2027-12-02T00:00:00Z".parse().unwrap());
    }
    let graph = |text: &str, snapshot: &Snapshot| {
        desired(&model(&Source::new("cluster.yaml", text)), &facts, snapshot).unwrap()
    };
    let snapshot = before.map_or_else(Snapshot::default, |text| living(&graph(text, &Snapshot::default())));
    let graph = graph(text, &snapshot);
    let plan = plan(&graph, &snapshot);
    (Source::new("cluster.yaml", text), Draft { facts, snapshot, graph, plan })
}

fn screen(text: &str, before: Option<&str>, details: bool) -> String {
    let (source, draft) = draft(text, before);
    looks(&shown::plan(&Screen::of("demo", &draft, &source, details)))
}

#[test]
fn a_new_cluster() {
    assert_snapshot!(screen(FILE, None, false));
}

#[test]
fn an_edit() {
    let edited = FILE.replace("maxSize: 4", "maxSize: 6").replace("stage: beta", "team: payments");
    assert_snapshot!(screen(&edited, Some(FILE), false));
}

#[test]
fn a_replacement() {
    assert_snapshot!(screen(&FILE.replace("m5.large", "m6i.large"), Some(FILE), false));
}

#[test]
fn what_new_nodes_take_of_the_subnets_is_told_where_it_is_known_of_all_their_types() {
    let told = |types: &str| {
        let to = FILE.replace("instanceType: m5.large", &format!("instanceTypes: [{types}]"));
        let (source, mut draft) = draft(&to, Some(FILE));
        draft.facts.instance_types.get_mut("m5a.large").unwrap().addresses = None;
        let shown = shown::plan(&Screen::of("demo", &draft, &source, false));
        shown.lines().find(|line| line.starts_with("-/+")).unwrap().to_owned()
    };
    let cases = [
        ("m6i.large", "(+2 × m6i.large, up to 60 addresses) first"),
        ("m6i.large, c7i.large", "(+2 × m6i.large or c7i.large, up to 60 addresses) first"),
        ("m6i.large, m5a.large", "(+2 × m6i.large or m5a.large) first"),
        ("g5.xlarge", "(+2 × g5.xlarge) first"),
    ];
    cases.iter().for_each(|(types, says)| assert!(told(types).contains(says), "{}", told(types)));
}

#[test]
fn what_new_nodes_take_is_not_told_where_they_take_whole_prefixes() {
    let to = FILE.replace("m5.large", "m6i.large");
    let told = |delegates: &str| {
        let settings = format!("{{env: {{ENABLE_PREFIX_DELEGATION: {delegates}}}}}");
        let to = format!("{to}addons: [{{name: vpc-cni, configurationValues: '{settings}'}}]\n");
        let (source, draft) = draft(&to, Some(FILE));
        let shown = shown::plan(&Screen::of("demo", &draft, &source, false));
        shown.lines().find(|line| line.starts_with("-/+")).unwrap().to_owned()
    };
    assert!(told("\"true\"").contains("(+2 × m6i.large) first"), "{}", told("\"true\""));
    assert!(told("\"false\"").contains("up to 60 addresses"), "{}", told("\"false\""));
}

#[test]
fn a_refusal() {
    let edited = format!("{FILE}vpc: {{cidr: 10.0.0.0/16}}\n");
    assert_snapshot!(screen(&edited, Some(FILE), false));
}

/// What is asked for already is not what helps.
#[test]
fn an_add_on_without_a_role_is_told_what_would_give_it_one() {
    let told = |oidc: bool, name: &str| {
        let text = format!("{FILE}iam: {{withOIDC: {oidc}}}\naddons: [{{name: {name}}}]\n");
        let (source, draft) = draft(&text, None);
        let screen = shown::plan(&Screen::of("demo", &draft, &source, false));
        screen.split_once("give it one by ").map(|(_, told)| told.lines().next().unwrap().to_owned())
    };
    let default = "useDefaultPodIdentityAssociations".to_owned();
    assert_eq!(told(false, "aws-ebs-csi-driver"), Some(format!("{default}, or iam.withOIDC")));
    assert_eq!(told(true, "aws-ebs-csi-driver"), None);
    assert_eq!(told(true, "aws-fsx-csi-driver"), Some(default));
}

#[test]
fn details_say_what_costs_how_much() {
    let (source, draft) = draft(FILE, None);
    let shown = shown::plan(&Screen::of("demo", &draft, &source, true));
    assert!(
        shown.contains("call eks:CreateCluster") && shown.contains("AWS::EC2::LaunchTemplate"),
        "{shown}"
    );
    assert_snapshot!(&shown[shown.find("Plan:").unwrap()..]);
}

#[test]
fn details_say_which_prices_were_not_checked() {
    let (source, mut draft) = draft(FILE, None);
    draft.facts.region = "eu-west-1".to_owned();
    let shown = shown::plan(&Screen::of("demo", &draft, &source, true));
    assert!(shown.contains("a snapshot of the end of 2025"), "{shown}");
    let line =
        |what: &str| shown.lines().find(|line| line.trim_start().starts_with(what)).unwrap().to_owned();
    assert!(line("NAT gateway").contains("(second hand)") && line("2 × 80 GiB").contains("(second hand)"));
    assert!(line("2 × m5.large").ends_with("$0.2140") && !line("2 × m5.large").contains("second hand"));
}

#[test]
fn what_is_not_known_of_prices_is_said() {
    let spot = FILE.replace("instanceType: m5.large", "instanceTypes: [g5g.xlarge]\n    spot: true");
    let verdict = |text: &str, before| {
        let (source, draft) = draft(text, before);
        let shown = shown::plan(&Screen::of("demo", &draft, &source, false));
        shown.lines().find(|line| line.starts_with("Plan:")).unwrap().to_owned()
    };
    assert_snapshot!([verdict(&spot, None), verdict(&spot, Some(FILE))].join("\n"));
}

#[test]
fn a_version_in_extended_support_costs_more() {
    let (source, mut draft) = draft(FILE, None);
    for version in &mut draft.facts.versions {
        version.standard_until = Some("2026-11-01T00:00:00Z".parse().unwrap());
    }
    let shown = shown::plan(&Screen::of("demo", &draft, &source, false));
    assert!(shown.contains("in extended support since 2026-11") && shown.contains("$0.87/h"), "{shown}");
}

#[test]
fn a_plan_in_markdown() {
    let edited = FILE.replace("m5.large", "m6i.large");
    for (name, text, before) in [("markdown_new", FILE, None), ("markdown_edit", edited.as_str(), Some(FILE))]
    {
        let (source, draft) = draft(text, before);
        assert_snapshot!(name, markdown::plan(&Screen::of("demo", &draft, &source, false)));
    }
    let (source, draft) = draft(FILE, Some(FILE));
    let nothing = markdown::plan(&Screen::of("demo", &draft, &source, false));
    assert!(nothing.contains("No changes") && !nothing.contains("<details>"), "{nothing}");
}

/// The end of a run of which this came.
fn end(summary: &Summary, inside: Option<&Inside>, doubtful: &[(Key, &'static str)]) -> String {
    let (source, draft) = draft(FILE, None);
    let end = End {
        cluster: "demo",
        facts: &draft.facts,
        plan: &draft.plan,
        summary,
        doubtful,
        inside,
        places: Some((&draft.graph, &source)),
        again: "eksact apply -f cluster.yaml",
        file: " -f cluster.yaml",
    };
    let text = match (summary.is_complete() && summary.halted.is_none(), inside) {
        (true, Some(inside)) if !inside.is_complete() => unfinished(&end, inside),
        (true, _) => ready(&end, "is ready"),
        (false, _) => failed(&end),
    };
    looks(&text)
}

fn key(key: &str) -> Key {
    key.parse().unwrap()
}

#[test]
fn the_end_of_a_run_that_went_well() {
    let summary = Summary {
        done: 23,
        took: Duration::from_secs(736),
        waited: Duration::from_secs(6),
        ..Summary::default()
    };
    let kubeconfig = |current| Kubeconfig {
        path: PathBuf::from("/home/me/.kube/config"),
        context: "demo.us-west-2".to_owned(),
        current,
        backup: None,
        home: Some(PathBuf::from("/home/me")),
    };
    let nodes = |ready, short| NodesOf { nodegroup: "ng1".to_owned(), ready, wanted: 2, short };
    let (api, written) = (Ok(()), Some(Ok(kubeconfig(true))));
    let (ready, missing) = (vec![nodes(2, Vec::new())], Default::default());
    let mut inside = Inside { api, kubeconfig: written, nodes: ready, missing, stopped: false };
    assert_snapshot!("ready", end(&summary, Some(&inside), &[]));
    inside.kubeconfig = Some(Ok(kubeconfig(false)));
    assert!(end(&summary, Some(&inside), &[]).contains("kubectl get nodes --context demo.us-west-2"));
    inside.nodes = vec![nodes(1, vec![Short::NotJoined(1)])];
    assert_snapshot!("ready_but_for_a_node", end(&summary, Some(&inside), &[]));
    inside.kubeconfig = Some(Err("disk full".to_owned()));
    let unwritten = end(&summary, Some(&inside), &[]);
    assert!(unwritten.contains("next   eksact utils write-kubeconfig --cluster demo"), "{unwritten}");
    inside.api = Err(Unreached::NotThere);
    assert!(end(&summary, Some(&inside), &[]).contains("API server was not reached"));
    assert_snapshot!("ready_outside", end(&summary, None, &[]));
}

#[test]
fn the_end_of_a_run_that_failed() {
    let trouble = Trouble {
        code: "AsgInstanceLaunchFailures".to_owned(),
        message:
            "We currently do not have sufficient m5.large capacity in zones with support for 'gp3' volumes"
                .to_owned(),
    };
    let broken = Failure::Broken { status: "CREATE_FAILED".to_owned(), troubles: vec![trouble] };
    let summary = Summary {
        done: 22,
        failed: vec![(key("nodegroup/ng1"), broken)],
        took: Duration::from_secs(731),
        ..Summary::default()
    };
    assert_snapshot!("broken", end(&summary, None, &[]));
    let unjoined = Trouble { code: "NodeCreationFailure".to_owned(), message: "failed to join".to_owned() };
    let unjoined = Failure::Broken { status: "CREATE_FAILED".to_owned(), troubles: vec![unjoined] };
    let run = Summary { failed: vec![(key("nodegroup/ng1"), unjoined)], ..summary.clone() };
    assert!(end(&run, None, &[]).contains("the cluster runs and costs $0.37/h"), "its nodes run");
    let denied = WorldError {
        class: Class::Denied,
        code: "AccessDeniedException".to_owned(),
        message: "not authorized to perform eks:CreateCluster".to_owned(),
        operation: "eks:CreateCluster",
        request_id: Some("7f3a1c".to_owned()),
    };
    let skipped =
        ["addon/vpc-cni", "addon/coredns", "addon/kube-proxy", "addon/metrics-server", "nodegroup/ng1"];
    let because = Cause::Failed(key("cluster/demo"));
    let summary = Summary {
        done: 17,
        failed: vec![(key("cluster/demo"), denied.into())],
        skipped: skipped.iter().map(|it| (key(it), because.clone())).collect(),
        took: Duration::from_secs(112),
        ..Summary::default()
    };
    assert_snapshot!("denied", end(&summary, None, &[]));
}

#[test]
fn the_end_of_a_run_that_was_stopped() {
    let summary = Summary {
        done: 16,
        failed: vec![
            (key("cluster/demo"), Halt::Stopped.into()),
            (key("route-table/public"), Halt::Stopped.into()),
        ],
        skipped: vec![(key("nodegroup/ng1"), Cause::Halted(Halt::Stopped))],
        halted: Some(Halt::Stopped),
        left: vec![key("cluster/demo")],
        took: Duration::from_secs(62),
        ..Summary::default()
    };
    let doubtful = [(key("route-table/public"), "ec2:CreateRoute")];
    assert_snapshot!(end(&summary, None, &doubtful));
    // Sixteen done, one not begun, one that AWS is at, one in doubt, one begun: every change is one of these.
    let begun = [(key("subnet/public-us-west-2a"), Halt::Stopped.into())];
    let failed = summary.failed.iter().cloned().chain(begun).collect();
    let told = end(&Summary { failed, ..summary }, None, &doubtful);
    assert!(told.contains("done   16 of 20; 1 not begun"), "{told}");
    assert!(told.contains("  begun  1 more, not finished: subnet/public-us-west-2a\n"), "{told}");
}

#[test]
fn the_end_of_a_run_whose_nodes_did_not_come() {
    let message = "Instances failed to join the kubernetes cluster".to_owned();
    let trouble = Trouble { code: "NodeCreationFailure".to_owned(), message };
    let broken = Failure::Broken { status: "CREATE_FAILED".to_owned(), troubles: vec![trouble] };
    let summary = Summary { done: 22, failed: vec![(key("nodegroup/ng1"), broken)], ..Summary::default() };
    let unknown = end(&summary, None, &[]);
    assert!(unknown.contains("  next   see what an instance says"), "{unknown}");
    let why = vec![Short::CutOff(vec!["subnet-1".to_owned()])];
    let missing = [("ng1".to_owned(), why)].into();
    let inside = Inside { api: Ok(()), kubeconfig: None, nodes: Vec::new(), missing, stopped: false };
    let known = end(&summary, Some(&inside), &[]);
    assert!(known.contains("  cause  no route to 0.0.0.0/0 leads out of subnet-1"), "{known}");
    assert!(known.contains("  next   do as hinted above, then eksact"), "{known}");
}

#[test]
fn a_removal() {
    let (_, draft) = draft(FILE, Some(FILE));
    let plan = delete(&draft.snapshot);
    let (facts, snapshot) = (draft.facts, draft.snapshot);
    let removal = Removal { facts, snapshot, plan, taken_over: None };
    assert_snapshot!(looks(&shown::removal(&Screen::of_removal("demo", &removal), &removal)));
}

/// Two nodes with volumes and addresses; what stays goes on costing.
#[test]
fn a_removal_of_some_of_it_says_what_stops_costing() {
    let (_, draft) = draft(FILE, Some(FILE));
    let nodegroup = key("nodegroup/ng1");
    let mut rest = draft.snapshot.clone();
    rest.found.retain(|key, _| *key == nodegroup);
    let plan = delete(&rest);
    let (facts, snapshot) = (draft.facts, draft.snapshot);
    let removal = Removal { facts, snapshot, plan, taken_over: None };
    let shown = shown::removal(&Screen::of_removal("demo", &removal), &removal);
    assert!(shown.lines().next().unwrap().ends_with("; $0.22/h less:"), "{shown}");
}

#[test]
fn nothing() {
    assert_snapshot!(screen(FILE, Some(FILE), false));
}
