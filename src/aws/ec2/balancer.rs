//! What of EC2's a load balancer brings along, by what ELB and controllers write on it.

use aws_sdk_ec2::types::{NetworkInterface, SecurityGroup};

use crate::aws::Aws;
use crate::aws::tags::of_ec2;
use crate::world::Keeper;

/// The tag by which the AWS Load Balancer Controller knows what it has made, with the cluster's name.
const OF_CONTROLLER: &str = "elbv2.k8s.aws/cluster";
/// How ELB describes its interfaces: `ELB app/NAME/ID`, `ELB NAME`.
const OF_ELB: &str = "ELB ";
/// How EKS's own controller names the group of a Service's load balancer; the name of that follows.
const GROUP_OF_EKS: &str = "k8s-elb-";

/// Whether the cluster's controller has made a group.
pub(in crate::aws) fn is_of_controller(aws: &Aws, group: &SecurityGroup) -> bool {
    of_ec2(group.tags()).get(OF_CONTROLLER) == Some(&aws.cluster)
}

/// Who takes a group away.
pub(in crate::aws) fn of_group(aws: &Aws, group: &SecurityGroup) -> Vec<Keeper> {
    let named = group.group_name().and_then(|name| name.strip_prefix(GROUP_OF_EKS));
    let controller = is_of_controller(aws, group).then_some(Keeper::Controller);
    named.map(|name| Keeper::Balancer(name.to_owned())).into_iter().chain(controller).collect()
}

/// Who takes an interface away, where these groups are the controller's.
pub(in crate::aws) fn of_interface(interface: &NetworkInterface, controllers: &[&str]) -> Vec<Keeper> {
    let balancer = interface.description().and_then(balancer).map(|name| Keeper::Balancer(name.to_owned()));
    let is_its = |id: Option<&str>| id.is_some_and(|id| controllers.contains(&id));
    let controller = interface.groups().iter().any(|group| is_its(group.group_id()));
    balancer.into_iter().chain(controller.then_some(Keeper::Controller)).collect()
}

/// The name of the load balancer that an interface describes itself by.
fn balancer(description: &str) -> Option<&str> {
    let balancer = description.strip_prefix(OF_ELB)?;
    Some(balancer.split('/').nth(1).unwrap_or(balancer))
}

#[test]
fn interfaces_name_their_load_balancers() {
    assert_eq!(balancer("ELB app/k8s-web-api-01/50dc6c495c0c9188"), Some("k8s-web-api-01"));
    assert_eq!(balancer("ELB a1b2c3"), Some("a1b2c3"));
    assert_eq!(balancer("Amazon EKS demo"), None);
}
