//! What others do to a cluster, and what does not work out.

use std::time::Duration;

use eksact::apply::{Cause, Failure, Options};
use eksact::plan::{Action, Astray, Why};
use eksact::resource::{Any, Key, Live, Remark, Set, Tags, Type, Val, ec2, iam};
use eksact::world::{Class, Found, World};

use super::demo::{Demo, Nat, pairs};
use super::desk::{Goal, account, denied, living, planned, run, run_stopped_after};
use super::edits::{edit, told};

const ROUTE: &str = "Routes.0.0.0.0/0.NatGatewayId";

#[test]
fn a_version_that_no_nodegroup_runs_is_not_our_business() {
    let sim = living();
    sim.meddle("launch-template-eksact-demo-ng1-1", |live| {
        live.earlier.push(("1".to_owned(), live.properties.clone()));
        live.attributes.insert("LatestVersionNumber", "2".to_owned());
        if let Any::LaunchTemplate(it) = &mut live.properties {
            it.launch_template_data.block_device_mappings.0[0].ebs.volume_size = 8;
        }
    });
    assert_eq!(told(&planned(&sim, &Goal::Graph(Demo::default().graph()))), [""; 0]);
}

/// Somebody undoes a part of what was made: that part, and nothing else, is made again.
#[test]
fn what_others_undo_is_made_again() {
    type Undo = fn(&mut Live);
    let undone: [(&str, Undo, &[&str]); 7] = [
        (
            "internet-gateway-main-1",
            |live| {
                let Any::InternetGateway(it) = &mut live.properties else { panic!() };
                it.vpc_id = None;
            },
            &["Update internet-gateway/main: VpcId"],
        ),
        (
            "route-table-public-1",
            |live| {
                let Any::RouteTable(it) = &mut live.properties else { panic!() };
                it.associations.0.pop();
            },
            &["Update route-table/public: Associations"],
        ),
        (
            "route-table-private-a-1",
            |live| {
                let Any::RouteTable(it) = &mut live.properties else { panic!() };
                it.routes.clear();
            },
            &["Update route-table/private-a: Routes.0.0.0.0/0"],
        ),
        (
            "nat-gateway-a-1",
            |live| live.status = "deleted".to_owned(),
            &[
                "Create nat-gateway/a: ",
                "Update route-table/private-a: Routes.0.0.0.0/0.NatGatewayId",
                "Update route-table/private-b: Routes.0.0.0.0/0.NatGatewayId",
            ],
        ),
        (
            "subnet-public-a-1",
            |live| {
                let Any::Subnet(it) = &mut live.properties else { panic!() };
                it.map_public_ip_on_launch = Some(false);
            },
            &["Update subnet/public-a: MapPublicIpOnLaunch"],
        ),
        (
            "nodegroup-ng1-1",
            |live| {
                let Any::Nodegroup(it) = &mut live.properties else { panic!() };
                it.taints.0.clear();
            },
            &["Update nodegroup/ng1: Taints"],
        ),
        (
            "addon-vpc-cni-1",
            |live| {
                let Any::Addon(it) = &mut live.properties else { panic!() };
                it.configuration_values = None;
            },
            &["Update addon/vpc-cni: ConfigurationValues"],
        ),
    ];
    for (id, undo, expected) in undone {
        let sim = living();
        sim.meddle(id, undo);
        assert_eq!(edit(&sim, Demo::default()), expected, "{id}");
    }
}

#[test]
fn a_subnet_that_goes_by_somebody_elses_table_is_theirs_to_give_back() {
    let sim = living();
    let gives = |live: &mut Live| {
        let Any::RouteTable(it) = &mut live.properties else { panic!("a route table") };
        it.associations.0.pop();
    };
    sim.meddle("route-table-public-1", gives);
    let send = |operation: ec2::Operation| sim.drive(sim.run(&operation.into())).unwrap().unwrap();
    let vpc_id = Val::Known("vpc-main-1".to_owned().into());
    let (tags, predecessors) = (Tags::default(), Set(Vec::new()));
    let theirs = send(ec2::Operation::CreateRouteTable { vpc_id, tags, predecessors });
    let route_table_id = Val::Known(theirs.attributes["RouteTableId"].clone().into());
    let subnet_id = Val::Known("subnet-public-b-1".to_owned().into());
    send(ec2::Operation::AssociateRouteTable { route_table_id, subnet_id });
    let summary = run(&sim, &Goal::Graph(Demo::default().graph())).unwrap().summary;
    let [(key, Failure::World(error))] = &summary.failed[..] else { panic!("{summary:?}") };
    assert_eq!((key.kind, error.class), (Type::RouteTable, Class::Exists));
    assert!(summary.took < Duration::from_secs(60), "{:?}", summary.took);
    assert_eq!(summary.left, []);
}

/// What a change is about is taken away by somebody else while it is being made.
#[test]
fn what_goes_in_the_middle_is_told_and_not_made_again() {
    let sim = account();
    let goal = Goal::Graph(Demo::default().graph());
    let stopped = run_stopped_after(&sim, &goal, Duration::from_secs(650)).unwrap().summary;
    assert_eq!(stopped.left.len(), 1, "the nodegroup: {stopped:#?}");
    let plan = planned(&sim, &goal);
    assert_eq!(told(&plan), ["Wait nodegroup/ng1: "]);
    let (events, stop) = (tokio::sync::mpsc::unbounded_channel().0, Default::default());
    let program = eksact::apply::apply(&plan, &sim, Options::default(), &stop, events);
    let others = async {
        sim.wait(Duration::from_secs(10)).await;
        sim.meddle("nodegroup-ng1-1", |live| live.properties.tags_mut().0.clear());
    };
    let summary = sim.drive(futures::future::join(program, others)).unwrap().0.unwrap();
    let [(_, failure)] = &summary.failed[..] else { panic!("{summary:#?}") };
    assert_eq!(*failure, Failure::Astray(Astray::Moved), "nobody has agreed to another one");
}

#[test]
fn what_was_scaled_since_is_a_note_until_the_file_changes() {
    let sim = living();
    let scale = |live: &mut Live| {
        if let Any::Nodegroup(it) = &mut live.properties {
            it.scaling_config.desired_size.size = 5;
        }
    };
    sim.meddle("nodegroup-ng1-1", scale);
    let plan = planned(&sim, &Goal::Graph(Demo::default().graph()));
    assert_eq!(told(&plan), [""; 0]);
    assert_eq!(plan.notes[0].what, Remark::Scaled { applied: 2, live: 5 });
    edit(&sim, Demo { labels: pairs(&[("new", "yes")]), max_size: 9, ..Demo::default() });
    assert!(sim.inventory()["nodegroup-ng1-1"].contains("DesiredSize { size: 5"), "an edit does not scale");
    let told = edit(&sim, Demo { desired_size: 3, max_size: 9, ..Demo::default() });
    assert!(told[0].starts_with("Update nodegroup/ng1: ScalingConfig.DesiredSize"), "{told:?}");
    assert!(sim.inventory()["nodegroup-ng1-1"].contains("DesiredSize { size: 3"));
}

#[test]
fn what_cannot_be_seen_is_not_changed_nor_what_needs_it() {
    let sim = living();
    let mut snapshot = sim.drive(sim.observe(&Default::default())).unwrap().unwrap();
    let cluster = Key { kind: Type::Cluster, name: "demo".to_owned() };
    snapshot.found.insert(cluster, vec![Found::Unknown(denied())]);
    let edited = Demo { labels: pairs(&[]), logging: vec![], tags: pairs(&[]), ..Demo::default() };
    let plan = eksact::plan::plan(&edited.graph(), &snapshot);
    let unknown: Vec<String> = plan.unread.iter().map(|unread| unread.what.to_string()).collect();
    let entry = "access-entry/arn:aws:iam::123456789012:role/team";
    let pods = ["oidc-provider/main", "role/pods", "pod-identity-association/web.api"];
    let needs = [&["cluster/demo", entry][..], &pods, &["addon/vpc-cni", "nodegroup/ng1"]].concat();
    assert_eq!(unknown, needs);
    assert!(plan.changes().unwrap().iter().all(|change| !unknown.contains(&change.key.to_string())));
    assert!(plan.changes().unwrap().iter().any(|change| change.action == Action::Update));
}

#[test]
fn what_does_not_work_out_has_failed_and_is_made_again_by_the_next_run() {
    let sim = account();
    sim.failing(Some(Type::Nodegroup));
    let goal = Goal::Graph(Demo::default().graph());
    let failed = run(&sim, &goal).unwrap().summary.failed;
    let nodegroup = Key { kind: Type::Nodegroup, name: "ng1".to_owned() };
    let [(key, Failure::Broken { status, troubles })] = &failed[..] else { panic!("{failed:?}") };
    assert_eq!((key, status.as_str(), troubles.len()), (&nodegroup, "CREATE_FAILED", 1));
    sim.failing(None);
    assert_eq!(edit(&sim, Demo::default()), ["Create nodegroup/ng1: "]);
}

#[test]
fn what_is_found_failed_is_made_again() {
    let sim = living();
    for id in ["nodegroup-ng1-1", "nat-gateway-a-1"] {
        let failed = if id.starts_with("nat") { "failed" } else { "CREATE_FAILED" };
        sim.meddle(id, |live| live.status = failed.to_owned());
    }
    let told = edit(&sim, Demo::default());
    assert_eq!(told[..2], ["Create nat-gateway/a: ", "Create nodegroup/ng1: "]);
    assert_eq!(told[2..], ["a", "b"].map(|zone| format!("Update route-table/private-{zone}: {ROUTE}")));
    let there = sim.inventory();
    assert!(there.contains_key("nodegroup-ng1-2") && there.contains_key("nat-gateway-a-2"), "{there:#?}");
}

#[test]
fn a_client_token_that_aws_remembers_longer_than_we_can_is_got_over() {
    let sim = living();
    edit(&sim, Demo { nat: Nat::Disable, ..Demo::default() });
    // By now AWS has stopped telling of the deleted one, but not forgotten its token.
    sim.drive(sim.wait(Duration::from_secs(7200)));
    sim.forget_the_gone();
    edit(&sim, Demo::default());
    assert!(sim.inventory().contains_key("nat-gateway-a-2"));
}

#[test]
fn of_two_that_are_equal_the_older_is_kept() {
    let sim = account();
    let graph = Demo::default().graph();
    let address = Key { kind: Type::Eip, name: "a".to_owned() };
    let tags = graph.node(&address).unwrap().resource.tags().clone();
    for _ in 0..2 {
        let allocate = ec2::Operation::AllocateAddress { tags: tags.clone() };
        sim.drive(sim.run(&allocate.into())).unwrap().unwrap();
    }
    sim.meddle("eip-a-1", |live| live.made = live.made.map(|made| made + Duration::from_secs(9000)));
    let told = edit(&sim, Demo::default());
    assert!(told.contains(&"Delete eip/a: ".to_owned()), "{told:#?}");
    let there = sim.inventory();
    assert!(there.contains_key("eip-a-2") && !there.contains_key("eip-a-1"), "{there:#?}");
}

#[test]
fn a_name_that_somebody_else_has_refuses_all_and_stays_theirs() {
    let sim = account();
    let theirs = iam::Operation::CreateRole {
        role_name: "demo-node".to_owned(),
        path: None,
        assume_role_policy_document: Val::Known("{}".to_owned().into()),
        permissions_boundary: None,
        tags: Tags::default(),
    };
    sim.drive(sim.run(&theirs.into())).unwrap().unwrap();
    let goal = Goal::Graph(Demo::default().graph());
    let plan = planned(&sim, &goal);
    let [refused] = plan.changes().unwrap_err() else { panic!("one clash") };
    assert_eq!(refused.why, Why::Clash("role-demo-node-1".to_owned()));

    // Somebody is quicker than our plan: then it is the call that is refused.
    let (before, snapshot) = (sim.inventory(), Default::default());
    let Goal::Graph(graph) = goal else { unreachable!() };
    let plan = eksact::plan::plan(&graph, &snapshot);
    let (events, _) = tokio::sync::mpsc::unbounded_channel();
    let stop = tokio_util::sync::CancellationToken::new();
    let summary =
        sim.drive(eksact::apply::apply(&plan, &sim, Options::default(), &stop, events)).unwrap().unwrap();
    let [(_, Failure::World(error))] = &summary.failed[..] else { panic!("{summary:?}") };
    assert_eq!((error.code.as_str(), summary.skipped.len()), ("EntityAlreadyExists", 1));
    assert!(matches!(&summary.skipped[0].1, Cause::Failed(key) if key.to_string() == "role/node"));
    run(&sim, &Goal::Nothing);
    assert_eq!(sim.inventory(), before);
}
