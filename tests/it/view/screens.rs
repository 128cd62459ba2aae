//! The plan, and a run's end, as people read them.

use eksact::config::Source;
use eksact::desired::desired;
use eksact::ops::Draft;
use eksact::plan::plan;
use eksact::view::plan::{self as shown, Screen};
use eksact::world::Snapshot;
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
fn a_refusal() {
    let edited = format!("{FILE}vpc: {{cidr: 10.0.0.0/16}}\n");
    assert_snapshot!(screen(&edited, Some(FILE), false));
}

#[test]
fn nothing() {
    assert_snapshot!(screen(FILE, Some(FILE), false));
}
