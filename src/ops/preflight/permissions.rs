//! What IAM's simulator is asked: each action by which a plan makes something, on a resource like the one
//! that it makes.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::Node;
use crate::ops::Draft;
use crate::plan::Action;
use crate::resource::iam::{Role, RoleArn};
use crate::resource::{Any, Effect, Key, OneOf, Operation, Property, Seen, Type, Val};

const PASS_ROLE: &str = "iam:PassRole";
/// What tells one resource from another is no condition of any policy.
const OF_ONE: [&str; 2] = ["eksact.dev/key", "eksact.dev/tag-keys"];
/// How an id ends that AWS has yet to give: the simulator is asked about one resource, and takes no `*`.
const ANY: &str = "-0123456789abcdef0";
/// What is made in EC2: as ARNs name it, and how its ids begin.
const EC2: [(Type, &str, &str); 7] = [
    (Type::Vpc, "vpc", "vpc"),
    (Type::Subnet, "subnet", "subnet"),
    (Type::InternetGateway, "internet-gateway", "igw"),
    (Type::RouteTable, "route-table", "rtb"),
    (Type::Eip, "elastic-ip", "eipalloc"),
    (Type::NatGateway, "natgateway", "nat"),
    (Type::LaunchTemplate, "launch-template", "lt"),
];
/// What is made in EKS, by calls on the cluster.
const ON_CLUSTER: [Type; 4] = [Type::Cluster, Type::Addon, Type::PodIdentityAssociation, Type::Nodegroup];

/// Actions by resource. Where AWS's documents do not say for certain what an action is done to, it is left out.
pub(super) fn asked(draft: &Draft) -> BTreeMap<String, BTreeSet<&'static str>> {
    let mut asked: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    let mut ask = |resource: Option<String>, action| {
        resource.map(|resource| asked.entry(resource).or_default().insert(action));
    };
    let changes = draft.plan.if_nothing_were_refused();
    for change in changes.iter().filter(|it| it.action == Action::Create) {
        let makes = change.operations.iter().filter(|it| it.manner().effect != Effect::Deletes);
        for action in makes.flat_map(actions) {
            ask(arn(draft, &change.key), action);
        }
        for role in draft.graph.node(&change.key).into_iter().flat_map(|node| passed(&node.resource)) {
            ask(role_arn(draft, role), PASS_ROLE);
        }
    }
    asked
}

/// An ARN that was asked about, as it is told: with a `*` in the place of an id that AWS has yet to give.
pub(super) fn told(asked: String) -> String {
    match asked.strip_suffix(ANY).and_then(|it| it.rsplit_once('/')) {
        Some((kind, _)) => format!("{kind}/*"),
        None => asked,
    }
}

/// What a call does to the resource that it makes.
fn actions(operation: &Operation) -> Vec<&'static str> {
    match operation {
        Operation::Ec2(_) => operation.actions().collect(),
        _ => vec![operation.action()],
    }
}

/// The tags of the cluster, as far as all that is made has them.
pub(super) fn tags(draft: &Draft) -> BTreeMap<String, String> {
    let tags = cluster(draft).map(|node| node.resource.tags().0.clone()).unwrap_or_default();
    tags.into_iter().filter(|(key, _)| !OF_ONE.contains(&key.as_str())).collect()
}

/// The roles that a resource is given.
fn passed(resource: &Any) -> Vec<&Val<RoleArn>> {
    match resource {
        Any::Cluster(it) => vec![&it.role_arn],
        Any::Nodegroup(it) => vec![&it.node_role],
        Any::PodIdentityAssociation(it) => vec![&it.role_arn],
        Any::Addon(it) => {
            it.service_account_role_arn.iter().chain(it.pod_identity_associations.values()).collect()
        }
        _ => Vec::new(),
    }
}

/// The ARN of a role that exists, or is to be made.
fn role_arn(draft: &Draft, role: &Val<RoleArn>) -> Option<String> {
    if let Val::Known(arn) = role {
        return Some(arn.as_ref().to_owned());
    }
    let mut key = None;
    role.visit(&mut |seen| {
        if let Seen::Of(reference) = seen {
            key = Some(reference.key.clone());
        }
    });
    arn(draft, &key?)
}

/// The ARN of a resource; of one like it, where AWS takes the id.
fn arn(draft: &Draft, key: &Key) -> Option<String> {
    let facts = &draft.facts;
    let (partition, region, account) = (facts.partition(), &facts.region, &facts.caller.account);
    if let Some((_, kind, prefix)) = EC2.iter().find(|(kind, ..)| *kind == key.kind) {
        return Some(format!("arn:{partition}:ec2:{region}:{account}:{kind}/{prefix}{ANY}"));
    }
    let node = draft.graph.node(key)?;
    if let Some(role) = Role::of(&node.resource) {
        let (path, name) = (role.path.as_deref().unwrap_or("/"), role.role_name.as_deref()?);
        return Some(format!("arn:{partition}:iam::{account}:role{path}{name}"));
    }
    let cluster = cluster(draft).filter(|_| ON_CLUSTER.contains(&key.kind))?;
    Some(format!("arn:{partition}:eks:{region}:{account}:cluster/{}", cluster.key.name))
}

fn cluster(draft: &Draft) -> Option<&Node> {
    draft.graph.nodes().iter().find(|it| it.key.kind == Type::Cluster)
}
