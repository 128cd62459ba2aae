//! How many nodes a group has is left to an autoscaler, between the file's bounds.

use eksact::plan::{Plan, plan};
use eksact::resource::{Any, Remark, tags};
use eksact::world::{Autoscaler, Class, Found, ScaledBy, Snapshot, WorldError};

use super::desk::{facts, graph, living};
use crate::fields::tell;

const THEIRS: &str = "Deployment autoscaling/ca";
const OURS: &str = "a component of the file";

/// A file with one node group, with an autoscaler or without.
fn file(sizes: &str, component: bool) -> String {
    let component = if component { "components: [{name: cluster-autoscaler}]\n" } else { "" };
    format!("apiVersion: eksact.dev/v1alpha1\n{component}managedNodeGroups: [{{name: ng1, {sizes}}}]\n")
}

/// What the plan says of the node group once it was made by one file, somebody has scaled it, and another file is
/// planned.
struct Case {
    before: &'static str,
    live: u32,
    after: &'static str,
    component: (bool, bool),
    scaled_by: ScaledBy,
}

impl Case {
    fn plan(&self) -> Plan {
        let first = graph(&file(self.before, self.component.0), &facts(), &Snapshot::default());
        let mut living = living(&first);
        living.scaled_by = self.scaled_by.clone();
        for found in living.found.values_mut().flatten() {
            if let Found::Present(live) = found
                && let Any::Nodegroup(group) = &mut live.properties
            {
                group.scaling_config.desired_size.size = self.live;
            }
        }
        plan(&graph(&file(self.after, self.component.1), &facts(), &living), &living)
    }

    /// What is done about node groups, and what is said.
    fn told(&self) -> (Vec<String>, Vec<Remark>) {
        let plan = self.plan();
        let told = tell(&plan).into_iter().filter(|line| line.contains("nodegroup/ng1")).collect();
        let about = plan.notes.into_iter().filter(|note| note.key.name == "ng1").map(|note| note.what);
        (told, about.collect())
    }
}

const SIZES: &str = "minSize: 1, maxSize: 4, desiredCapacity: 2";

fn theirs(is_ours: bool) -> ScaledBy {
    ScaledBy::Autoscaler(Autoscaler { shown_by: THEIRS.to_owned(), is_ours })
}

fn left(file: u32, live: u32, by: &str) -> Vec<Remark> {
    vec![Remark::Autoscaled { file, live, by: by.to_owned() }]
}

#[test]
fn an_autoscalers_choice_is_no_change() {
    let case =
        |live, after, component, scaled_by| Case { before: SIZES, live, after, component, scaled_by }.told();
    let more = "minSize: 1, maxSize: 4, desiredCapacity: 3";
    let own = (true, true);
    assert_eq!(case(4, SIZES, own, ScaledBy::Nobody), (vec![], left(2, 4, OURS)));
    assert_eq!(
        case(4, more, own, ScaledBy::Nobody),
        (vec![], left(3, 4, OURS)),
        "nor is another figure in the file"
    );
    assert_eq!(case(3, more, own, ScaledBy::Nobody), (vec![], vec![]), "both say the same");
    let none = (false, false);
    assert_eq!(case(4, more, none, theirs(false)), (vec![], left(3, 4, THEIRS)), "whoever has installed it");
    let change = vec!["Update nodegroup/ng1: ScalingConfig.DesiredSize Tags.eksact.dev/desired".to_owned()];
    assert_eq!(
        case(4, more, none, ScaledBy::Nobody),
        (change.clone(), vec![]),
        "the file decides where nobody else does"
    );
    assert_eq!(case(4, more, (true, false), theirs(true)), (change, vec![]), "ours goes with its component");
    assert_eq!(
        case(4, more, (true, false), theirs(false)),
        (vec![], left(3, 4, THEIRS)),
        "another takes over"
    );
}

/// Twenty nodes are not made three because the one who plans does not see who has made them twenty.
#[test]
fn what_somebody_has_moved_stays_where_nobody_knows_whether_that_was_an_autoscaler() {
    let (more, component) = ("minSize: 1, maxSize: 4, desiredCapacity: 3", (false, false));
    let unseen = WorldError {
        class: Class::Denied,
        code: "Forbidden".to_owned(),
        message: "deployments is forbidden".to_owned(),
        operation: "kubernetes:List",
        request_id: None,
    };
    let by = format!("if there is one: {unseen}");
    let case = |live| {
        let scaled_by = ScaledBy::Unseen(unseen.clone());
        Case { before: SIZES, live, after: more, component, scaled_by }.told()
    };
    assert_eq!(case(4), (vec![], left(3, 4, &by)));
    let change = "Update nodegroup/ng1: ScalingConfig.DesiredSize Tags.eksact.dev/desired".to_owned();
    assert_eq!(case(2), (vec![change], vec![]), "as it was applied, it is the file's");
}

#[test]
fn new_bounds_move_it_as_far_as_aws_demands() {
    let case = |live, after| {
        Case { before: SIZES, live, after, component: (true, true), scaled_by: ScaledBy::Nobody }.told()
    };
    let both = "Update nodegroup/ng1: ScalingConfig.MinSize ScalingConfig.MaxSize ScalingConfig.DesiredSize";
    let min = "Update nodegroup/ng1: ScalingConfig.MinSize ScalingConfig.DesiredSize";
    assert_eq!(
        case(2, "minSize: 3, maxSize: 9, desiredCapacity: 5"),
        (vec![both.to_owned()], left(5, 3, OURS)),
        "the nearest, and not the file's"
    );
    assert_eq!(case(2, "minSize: 3, maxSize: 4, desiredCapacity: 3"), (vec![min.to_owned()], vec![]));
    assert_eq!(
        case(3, "minSize: 1, maxSize: 9, desiredCapacity: 5"),
        (vec!["Update nodegroup/ng1: ScalingConfig.MaxSize".to_owned()], left(5, 3, OURS))
    );
    // Where both bounds are one, nothing is left to choose: the file has its way.
    assert_eq!(case(4, "minSize: 3, maxSize: 3, desiredCapacity: 3"), (vec![both.to_owned()], vec![]));
}

#[test]
fn a_new_group_has_the_files_and_says_so() {
    let first = graph(&file(SIZES, true), &facts(), &Snapshot::default());
    let group = first.nodes().iter().find_map(|node| match &node.resource {
        Any::Nodegroup(group) => Some(group),
        _ => None,
    });
    let group = group.unwrap();
    assert_eq!(group.scaling_config.desired_size.size, 2);
    assert_eq!(group.tags.get(tags::DESIRED), Some("2"));
    let plan = plan(&first, &Snapshot::default());
    assert!(plan.notes.iter().all(|note| !matches!(note.what, Remark::Autoscaled { .. })));
}
