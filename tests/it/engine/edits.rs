//! What an edit changes: that, and nothing else.

use eksact::apply::Options;
use eksact::plan::{Change, Plan, Step, Why};
use eksact::resource::eks::AuthenticationMode;
use eksact::resource::{Any, Incomplete, Live, Operation, Tags, Type, Val, iam};
use eksact::sim::Sim;
use eksact::world::World;

use super::demo::{Admission, Demo, Nat, pairs};
use super::desk::{Goal, account, account_with, living, planned, run};

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
    assert_eq!(told.len(), 20, "one change for each resource that had it");
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
fn routes_are_turned_before_a_nat_gateway_goes_and_its_address_goes_last() {
    let sim = living();
    let turn = |nat| {
        let actions = ["Route", "Nat", "Address"];
        let goal = Goal::Graph(Demo { nat, ..Demo::default() }.graph());
        assert_eq!(run(&sim, &goal).unwrap().summary.failed, []);
        assert_eq!(told(&planned(&sim, &goal)), [""; 0]);
        let log = sim.log();
        assert_eq!(log.turned_away, [""; 0], "the order was right");
        let told = log
            .operations
            .iter()
            .map(Operation::action)
            .filter(|it| actions.iter().any(|of| it.contains(of)));
        told.map(|action| action.trim_start_matches("ec2:")).collect::<Vec<_>>()
    };
    assert_eq!(turn(Nat::HighlyAvailable), ["AllocateAddress", "CreateNatGateway", "ReplaceRoute"]);
    assert_eq!(turn(Nat::Single), ["ReplaceRoute", "DeleteNatGateway", "ReleaseAddress"]);
    assert_eq!(turn(Nat::Disable), ["DeleteRoute", "DeleteRoute", "DeleteNatGateway", "ReleaseAddress"]);
    assert_eq!(turn(Nat::Single), ["AllocateAddress", "CreateNatGateway", "CreateRoute", "CreateRoute"]);
    let moved = ["DeleteNatGateway", "CreateNatGateway", "ReplaceRoute", "ReplaceRoute"];
    assert_eq!(turn(Nat::Elsewhere), moved, "it keeps its address, which no two can have at once");
}

#[test]
fn taints_and_how_an_update_goes_about_it_change_in_place() {
    let sim = living();
    let edited =
        Demo { taints: vec![("dedicated", "web"), ("gpu", "yes")], max_unavailable: 3, ..Demo::default() };
    let told = edit(&sim, edited);
    assert_eq!(told, ["Update nodegroup/ng1: Taints UpdateConfig.MaxUnavailable"]);
    let without = edit(&sim, Demo { taints: vec![], ..Demo::default() });
    assert_eq!(without, ["Update nodegroup/ng1: Taints UpdateConfig.MaxUnavailable"]);
}

#[test]
fn who_is_let_in_changes_in_one_direction_only() {
    let sim = living();
    let told = edit(&sim, Demo { authentication_mode: AuthenticationMode::Api, ..Demo::default() });
    assert_eq!(told, ["Update cluster/demo: AccessConfig.AuthenticationMode"]);
    let back = planned(&sim, &Goal::Graph(Demo::default().graph()));
    assert_eq!(protected(&back), [("cluster/demo".to_owned(), "AccessConfig.AuthenticationMode".to_owned())]);
}

#[test]
fn endpoints_are_opened_and_closed_in_place() {
    let told = edit(&living(), Demo { private_access: true, ..Demo::default() });
    assert_eq!(told, ["Update cluster/demo: ResourcesVpcConfig.EndpointPrivateAccess"]);
}

/// What is refused as protected: whose, and which property.
fn protected(plan: &Plan) -> Vec<(String, String)> {
    let refused = plan.changes().unwrap_err().iter();
    let told = refused.filter_map(|refusal| match &refusal.why {
        Why::Protected(differences) => Some((refusal.key.to_string(), differences[0].path.clone())),
        Why::Kept | Why::Clash(_) | Why::Incomplete(_) => None,
    });
    told.collect()
}

#[test]
fn a_role_that_was_given_stays_the_clusters() {
    const GIVEN: &str = "arn:aws:iam::123456789012:role/given";
    let sim = account();
    let path = None;
    let role = iam::Operation::CreateRole {
        role_name: "given".to_owned(),
        path,
        assume_role_policy_document: Val::Known("{}".to_owned().into()),
        permissions_boundary: None,
        tags: Tags::default(),
    };
    let (role_name, policy) =
        ("given".to_owned(), "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy".to_owned());
    let attach = iam::Operation::AttachRolePolicy { role_name, policy_arn: policy };
    for operation in [role, attach] {
        sim.drive(sim.run(&operation.into())).unwrap().unwrap();
    }
    let given = Demo { role: Some(GIVEN), ..Demo::default() };
    edit(&sim, given.clone());
    let (own, refused) = (Demo::default(), [("cluster/demo".to_owned(), "RoleArn".to_owned())]);
    assert_eq!(protected(&planned(&sim, &Goal::Graph(own.graph()))), refused);
    assert_eq!(
        protected(&planned(&living(), &Goal::Graph(given.graph()))),
        refused,
        "and the other way round"
    );
}

#[test]
fn a_network_of_our_own_is_not_given_up_for_one_that_is_given() {
    let sim = living();
    let given = Demo { subnets: Some(["subnet-1", "subnet-2"]), ..Demo::default() };
    let plan = planned(&sim, &Goal::Graph(given.graph()));
    let refused: Vec<_> = plan.changes().unwrap_err().iter().collect();
    assert_eq!(protected(&plan), [("cluster/demo".to_owned(), "ResourcesVpcConfig.SubnetIds".to_owned())]);
    assert!(refused.iter().any(|it| it.key.to_string() == "vpc/main" && it.why == Why::Kept), "{refused:?}");
    assert_eq!(refused.len(), 2);
}

#[test]
fn a_replacement_is_one_step_and_whatever_lives_and_goes_is_told() {
    let sim = living();
    let steps = |demo: Demo| {
        let plan = planned(&sim, &Goal::Graph(demo.graph()));
        let changes = plan.changes().unwrap();
        let name = |at: &usize| format!("{:?} {}", changes[*at].action, changes[*at].key);
        let step = |step: &Step| (name(&step.change), step.instead_of.iter().map(name).collect::<Vec<_>>());
        (plan.destroys(), plan.steps().iter().map(step).collect::<Vec<_>>())
    };
    let alone = |name: &str| (name.to_owned(), vec![]);
    let spot = steps(Demo { spot: true, ..Demo::default() });
    let replaced = ("Create nodegroup/ng1".to_owned(), vec!["Delete nodegroup/ng1".to_owned()]);
    assert_eq!(spot, (true, vec![replaced]));
    let moved = steps(Demo { namespace: Some("elsewhere"), ..Demo::default() });
    assert_eq!(moved, (true, vec![alone("Remake addon/vpc-cni")]));
    let larger = steps(Demo { max_size: 9, ..Demo::default() });
    assert_eq!(larger, (false, vec![alone("Update nodegroup/ng1")]));
    let without = steps(Demo { nodegroup: false, ..Demo::default() });
    assert_eq!(without, (true, vec![alone("Delete launch-template/ng1"), alone("Delete nodegroup/ng1")]));
    assert_eq!(steps(Demo::default()), (false, vec![]));
    // What never came to work is made again, without asking.
    sim.meddle("nodegroup-ng1-1", |live| live.status = "CREATE_FAILED".to_owned());
    assert_eq!(steps(Demo::default()), (false, vec![alone("Create nodegroup/ng1")]));
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
    assert_eq!(told, ["Update nodegroup/ng1: ScalingConfig.MaxSize ScalingConfig.DesiredSize"]);
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

/// Whom the cluster lets in, besides its creator.
fn let_in(access: Vec<Admission>) -> Demo {
    Demo { access, ..Demo::default() }
}

const TEAM: &str = "access-entry/arn:aws:iam::123456789012:role/team";
const CREATOR: &str = "access-entry/arn:aws:iam::123456789012:user/dev";

#[test]
fn an_access_entry_is_changed_by_what_is_added_before_what_is_taken_away() {
    let sim = living();
    let admin = Admission { policies: vec![("AmazonEKSAdminPolicy", vec![])], ..Admission::team() };
    let goal = Goal::Graph(let_in(vec![admin]).graph());
    let paths = ["Admin", "Edit", "View"]
        .map(|name| format!("AccessPolicies.arn:aws:eks::aws:cluster-access-policy/AmazonEKS{name}Policy"));
    let outcome = run(&sim, &goal).unwrap();
    assert_eq!(told(&outcome.plan), [format!("Update {TEAM}: {}", paths.join(" "))]);
    let sent: Vec<&str> = sim.log().operations.iter().map(Operation::action).collect();
    let gone = "eks:DisassociateAccessPolicy";
    assert_eq!(sent, ["eks:AssociateAccessPolicy", gone, gone]);
    assert_eq!(told(&planned(&sim, &goal)), [""; 0]);
}

#[test]
fn another_type_of_access_entry_is_made_again_and_one_that_leaves_goes() {
    let sim = living();
    let nodes = Admission { kind: "EC2_LINUX", ..Admission::of("role/team") };
    let edited = edit(&sim, let_in(vec![nodes]));
    let policies = ["AccessPolicies.arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy"; 1];
    assert!(
        edited[0].starts_with(&format!("Remake {TEAM}: Type KubernetesGroups {}", policies[0])),
        "{edited:?}"
    );
    assert_eq!(edit(&sim, let_in(vec![])), [format!("Delete {TEAM}: ")]);
}

#[test]
fn the_creators_entry_is_left_alone_until_the_file_names_it() {
    let sim = living();
    assert_eq!(edit(&sim, let_in(vec![])), [format!("Delete {TEAM}: ")]);
    let id = "access-entry-arn:aws:iam::123456789012:user/dev-1";
    let was = sim.inventory()[id].clone();
    let admin =
        Admission { policies: vec![("AmazonEKSClusterAdminPolicy", vec![])], ..Admission::of("user/dev") };
    let adopted = edit(&sim, let_in(vec![admin]));
    assert_eq!(adopted.len(), 1);
    assert!(adopted[0].starts_with(&format!("Update {CREATOR}: Tags.")), "{adopted:?}");
    assert_ne!(sim.inventory()[id], was);
    assert_eq!(edit(&sim, let_in(vec![])), [format!("Delete {CREATOR}: ")]);
}

#[test]
fn a_name_that_leaves_the_file_is_eks_again() {
    let sim = living();
    let named = Admission { username: Some("team"), ..Admission::team() };
    assert_eq!(edit(&sim, let_in(vec![named])), [format!("Update {TEAM}: Username")]);
    assert_eq!(edit(&sim, Demo::default()), [format!("Update {TEAM}: Username")]);
}
