//! What IAM's simulator is asked: each action of a plan, on a resource like the one that it is done to.

use std::collections::{BTreeMap, BTreeSet};

use crate::ops::Draft;
use crate::resource::{Key, Type};

/// Actions by resource. What is done to something else besides is left out: nobody knows of it here.
pub(super) fn asked(draft: &Draft) -> BTreeMap<String, BTreeSet<&'static str>> {
    let mut asked: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    for change in draft.plan.changes().unwrap_or_default() {
        let Some((service, resource)) = arn(draft, &change.key) else { continue };
        let actions = change.operations.iter().flat_map(|operation| operation.actions());
        let its = actions.filter(|action| action.split(':').next() == Some(service));
        let its = its.filter(|action| !action.ends_with(":PassRole"));
        asked.entry(resource).or_default().extend(its);
    }
    asked.retain(|_, actions| !actions.is_empty());
    asked
}

/// The cluster's name.
pub(super) fn cluster(draft: &Draft) -> &str {
    draft.graph.nodes().iter().find(|it| it.key.kind == Type::Cluster).map_or("", |it| it.key.name.as_str())
}

/// The service, and the ARN of one like it.
fn arn(draft: &Draft, key: &Key) -> Option<(&'static str, String)> {
    let (facts, cluster) = (&draft.facts, cluster(draft));
    let (partition, region, account) = (facts.partition(), &facts.region, &facts.caller.account);
    let ec2 = |kind: &str, prefix: &str| {
        Some(("ec2", format!("arn:{partition}:ec2:{region}:{account}:{kind}/{prefix}-0123456789abcdef0")))
    };
    let eks = |resource: String| Some(("eks", format!("arn:{partition}:eks:{region}:{account}:{resource}")));
    match key.kind {
        Type::Vpc => ec2("vpc", "vpc"),
        Type::Subnet => ec2("subnet", "subnet"),
        Type::InternetGateway => ec2("internet-gateway", "igw"),
        Type::RouteTable => ec2("route-table", "rtb"),
        Type::Eip => ec2("elastic-ip", "eipalloc"),
        Type::NatGateway => ec2("natgateway", "nat"),
        Type::LaunchTemplate => ec2("launch-template", "lt"),
        Type::Role => {
            let name = draft.graph.node(key)?.resource.name()?.to_owned();
            let path = format!("eksact/{region}/{cluster}/");
            Some(("iam", format!("arn:{partition}:iam::{account}:role/{path}{name}")))
        }
        Type::Cluster => eks(format!("cluster/{cluster}")),
        // These are made by calls on the cluster.
        Type::Addon | Type::AccessEntry | Type::Nodegroup => eks(format!("cluster/{cluster}")),
    }
}
