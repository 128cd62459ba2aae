//! What an edit changes: that, and nothing else.

use eksact::apply::Options;
use eksact::plan::{Change, Plan, Why};
use eksact::resource::{Any, Incomplete, Live, Type, Val};
use eksact::sim::Sim;

use super::demo::{Demo, pairs};
use super::desk::{Goal, account_with, living, planned, run};

/// The changes of a plan, as `action key: paths`.
pub fn told(plan: &Plan) -> Vec<String> {
    let tell = |change: &Change| {
        let paths: Vec<&str> = change.differences.iter().map(|difference| difference.path.as_str()).collect();
        format!("{:?} {}: {}", change.action, change.key, paths.join(" "))
    };
    let mut told: Vec<String> = plan.changes().unwrap().iter().map(tell).collect();
    told.sort();
    told
}

/// Plans the edit of a living cluster, makes it, and plans again.
pub fn edit(sim: &Sim, demo: Demo) -> Vec<String> {
    let goal = Goal::Graph(demo.graph());
    let outcome = run(sim, &goal).unwrap();
    assert_eq!(outcome.summary.failed, []);
    assert_eq!(told(&planned(sim, &goal)), [""; 0], "the same file once more changes nothing");
    assert_eq!(sim.log().turned_away, [""; 0], "the order was right");
    told(&outcome.plan)
}

#[test]
fn a_label_that_leaves_the_file_is_one_change() {
    let without = Demo { labels: pairs(&[("role", "worker")]), ..Demo::default() };
    assert_eq!(edit(&living(), without), ["Update nodegroup/ng1: Labels.stage"]);
}

#[test]
fn a_log_type_that_leaves_the_file_is_one_change() {
    let without = Demo { logging: vec!["api"], ..Demo::default() };
    assert_eq!(edit(&living(), without), ["Update cluster/demo: Logging"]);
}

#[test]
fn a_tag_that_leaves_the_file_goes_and_a_strangers_stays() {
    let sim = living();
    let tag = |live: &mut Live| {
        live.properties.tags_mut().0.insert("billing".to_owned(), "17".to_owned());
    };
    sim.meddle("vpc-main-1", tag);
    let told = edit(&sim, Demo { tags: pairs(&[]), ..Demo::default() });
    assert_eq!(told.len(), 15, "one change for each resource that had it");
    assert!(told.contains(&"Update vpc/main: Tags.eksact.dev/tag-keys Tags.team".to_owned()), "{told:#?}");
    let vpc = &sim.inventory()["vpc-main-1"];
    assert!(vpc.contains("billing") && !vpc.contains("team"), "{vpc}");
}

#[test]
fn two_kinds_of_cluster_update_go_one_after_the_other_and_before_a_removal() {
    let sim = living();
    let edited = Demo {
        logging: vec![],
        public_access_cidrs: vec!["10.0.0.0/8"],
        nodegroup: false,
        ..Demo::default()
    };
    let told = edit(&sim, edited);
    assert_eq!(told[2], "Update cluster/demo: ResourcesVpcConfig.PublicAccessCidrs Logging");
}

#[test]
fn a_volume_is_a_new_version_and_not_a_new_nodegroup() {
    let told = edit(&living(), Demo { volume_size: 100, ..Demo::default() });
    assert_eq!(
        told[0],
        "Update launch-template/ng1: LaunchTemplateData.BlockDeviceMappings.0.Ebs.VolumeSize"
    );
    assert_eq!(told[1], "Update nodegroup/ng1: LaunchTemplate.Version");
}

#[test]
fn instance_types_are_a_new_nodegroup_first_and_back_again() {
    let sim = living();
    let names = |sim: &Sim| -> Vec<String> {
        sim.inventory().into_keys().filter(|id| id.starts_with("nodegroup")).collect()
    };
    let other = Demo { instance_types: vec!["m6i.large"], ..Demo::default() };
    let told = edit(&sim, other);
    assert_eq!(told, ["Create nodegroup/ng1: InstanceTypes", "Delete nodegroup/ng1: "]);
    let [second] = &names(&sim)[..] else { panic!("one nodegroup") };
    assert!(
        second.starts_with("nodegroup-ng1-") && second.len() == "nodegroup-ng1-00000000-1".len(),
        "{second}"
    );
    edit(&sim, Demo::default());
    let [third] = &names(&sim)[..] else { panic!("one nodegroup") };
    assert_ne!(second, third);
}

#[test]
fn a_tag_whose_key_has_a_space_goes_with_its_line() {
    let spaced = Demo { tags: pairs(&[("cost center", "17"), ("a=b", "")]), ..Demo::default() };
    let sim = living();
    edit(&sim, spaced);
    assert!(sim.inventory()["vpc-main-1"].contains("cost center"));
    edit(&sim, Demo::default());
    assert!(!sim.inventory()["vpc-main-1"].contains("cost center"), "{}", sim.inventory()["vpc-main-1"]);
}

#[test]
fn bounds_that_exclude_the_size_as_it_lives_carry_the_nearest() {
    let sim = living();
    sim.meddle("nodegroup-ng1-1", |live| {
        if let Any::Nodegroup(it) = &mut live.properties {
            it.scaling_config.desired_size.size = 7;
        }
    });
    let told = edit(&sim, Demo { max_size: 4, ..Demo::default() });
    assert_eq!(told, ["Update nodegroup/ng1: ScalingConfig.MaxSize"]);
    assert!(sim.inventory()["nodegroup-ng1-1"].contains("DesiredSize { size: 4"));
}

#[test]
fn an_addon_that_moves_is_deleted_and_then_made_again_under_its_name() {
    let sim = living();
    let told = edit(&sim, Demo { namespace: Some("elsewhere"), ..Demo::default() });
    assert_eq!(told, ["Remake addon/vpc-cni: NamespaceConfig.Namespace"]);
    assert!(sim.inventory()["addon-vpc-cni-2"].contains("elsewhere"));
    assert_eq!(edit(&sim, Demo::default()), [""; 0], "a line that leaves it open changes nothing");
}

#[test]
fn names_keep_to_their_limits() {
    let long = "n".repeat(63);
    let graph = Demo { nodegroup: false, ..Demo::default() }.graph_named([long.clone()]);
    let names = graph.names();
    let length = |kind| names.iter().find(|(key, _)| key.kind == kind && key.name == long).unwrap().1.len();
    assert_eq!((length(Type::Nodegroup), length(Type::LaunchTemplate)), (63, 75));
    let sim = account_with(&graph);
    let other = Demo { nodegroup: false, instance_types: vec!["c5.large"], ..Demo::default() }
        .graph_named([long.clone()]);
    sim.meddle(&format!("nodegroup-{long}-1"), |live| {
        if let Any::Nodegroup(it) = &mut live.properties {
            it.node_role = Val::Known("arn:aws:iam::123456789012:role/other".to_owned().into());
        }
    });
    assert_eq!(run(&sim, &Goal::Graph(other)).unwrap().summary.failed, [], "EKS takes the name");
}

#[test]
fn without_what_its_calls_need_all_is_refused() {
    let sim = living();
    sim.meddle("vpc-main-1", |live| live.attributes.clear());
    sim.meddle("nodegroup-ng1-1", |live| {
        if let Any::Nodegroup(it) = &mut live.properties {
            it.nodegroup_name = None;
        }
    });
    let plan = planned(&sim, &Goal::Nothing);
    let why: Vec<&Why> = plan.changes().unwrap_err().iter().map(|refusal| &refusal.why).collect();
    let lacks = |what| Why::Incomplete(Incomplete::Lacks(what));
    assert_eq!(why, [&lacks("VpcId"), &lacks("NodegroupName")]);
}

#[test]
fn a_protected_change_refuses_all() {
    let sim = living();
    let moved = Demo { cidr: "10.0.0.0/16", logging: vec![], ..Demo::default() };
    let plan = planned(&sim, &Goal::Graph(moved.graph()));
    let refused = plan.changes().unwrap_err();
    assert_eq!(refused.len(), 1);
    let Why::Protected(differences) = &refused[0].why else { panic!("{refused:?}") };
    assert_eq!(differences[0].path, "CidrBlock");
    let (events, _) = tokio::sync::mpsc::unbounded_channel();
    let stop = tokio_util::sync::CancellationToken::new();
    assert!(
        sim.drive(eksact::apply::apply(&plan, &sim, Options::default(), &stop, events)).unwrap().is_err()
    );
    assert!(sim.log().operations.is_empty());
}
