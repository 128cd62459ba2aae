//! Objects for which a controller holds something in AWS, whoever has made them.

use serde::Serialize;

use super::{Address, Kind, Operation};
use crate::resource::{Added, Calls, Comparison, Key, Live, Milestone, Property, Resource};
use crate::resource::{Standing, Tags, Type};

/// Finalizers whose controller holds a load balancer for the object that carries them: those of the AWS Load
/// Balancer Controller, and of the cloud controller manager that is a part of EKS.
const OF_CONTROLLER: [&str; 2] = ["ingress.k8s.aws/resources", "service.k8s.aws/resources"];
/// The same for all Ingresses of a group, whose name follows.
const OF_GROUP: &str = "group.ingress.k8s.aws/";
/// See [`OF_CONTROLLER`].
const OF_EKS: &str = "service.kubernetes.io/load-balancer-cleanup";

/// An Ingress or a Service for which a controller holds a load balancer in AWS. It is never desired: it goes
/// before the controller does when a whole cluster is taken away, and nobody else touches it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Exposed {
    /// Where it is.
    pub address: Address,
    /// All its finalizers.
    pub finalizers: Vec<String>,
    /// The names of the load balancers that its status leads to.
    pub balancers: Vec<String>,
    /// What marks it as ours; nothing, as a rule.
    #[serde(skip)]
    pub tags: Tags,
}

impl Exposed {
    /// One that lives at an address, with its finalizers and the host names in its status; nothing, where no
    /// controller holds anything for it.
    pub fn living<'a>(
        address: Address,
        finalizers: &[String],
        hosts: impl Iterator<Item = &'a str>,
    ) -> Option<Self> {
        let balancers = hosts.filter_map(balancer).collect();
        let it = Self { address, finalizers: finalizers.to_vec(), balancers, tags: Tags::default() };
        let is_held = it.held_by().next().is_some();
        is_held.then_some(it)
    }

    /// Its name in the graph: `load-balancer/Ingress/web.api`.
    pub fn key(&self) -> Key {
        let Address { kind, namespace, name, .. } = &self.address;
        Key { kind: Type::Exposed, name: format!("{}/{namespace}.{name}", kind.name) }
    }

    /// The address that the name of a key leads to.
    pub(super) fn address(name: &str) -> Option<Address> {
        let (kind, place) = name.split_once('/')?;
        let kind = Kind::EXPOSED.iter().find(|it| it.name == kind)?;
        let (namespace, name) = place.split_once('.')?;
        Some(Address::new(*kind, namespace, name))
    }

    /// The finalizers that a controller takes off once what it holds in AWS is gone.
    pub fn held_by(&self) -> impl Iterator<Item = &str> {
        self.finalizers.iter().map(String::as_str).filter(|it| is_of_balancer_controller(it) || *it == OF_EKS)
    }

    /// Whether only the AWS Load Balancer Controller can let it go, which runs in the cluster itself.
    pub fn is_held_from_inside(&self) -> bool {
        self.finalizers.iter().any(|it| is_of_balancer_controller(it))
    }
}

fn is_of_balancer_controller(finalizer: &str) -> bool {
    OF_CONTROLLER.contains(&finalizer) || finalizer.starts_with(OF_GROUP)
}

/// The name of the load balancer that a host name of ELB leads to: `k8s-web-api-0123456789` of
/// `internal-k8s-web-api-0123456789-987654321.us-west-2.elb.amazonaws.com`.
fn balancer(host: &str) -> Option<String> {
    let (label, rest) = host.split_once('.')?;
    let is_elb = rest.starts_with("elb.") || rest.contains(".elb.");
    let (name, _) = label.strip_prefix("internal-").unwrap_or(label).rsplit_once('-')?;
    is_elb.then(|| name.to_owned())
}

impl Property for Exposed {}

impl Resource for Exposed {
    const ID: &'static str = "Uid";
    const STATES: &'static [(&'static str, Standing)] = &[
        ("", Standing::Ready),
        ("Terminating", Standing::Deleting),
        // Our own word: it is to go, and nobody is there who could let it.
        (Exposed::ABANDONED, Standing::Failed),
    ];
    /// What a controller needs to take it down: a cluster that answers, nodes that it runs on and their way out,
    /// what it runs by, and what its load balancer stands in.
    const AFTER: &'static [(Type, Milestone)] = &[
        (Type::Cluster, Milestone::Ready),
        (Type::AccessEntry, Milestone::Ready),
        (Type::Role, Milestone::Ready),
        (Type::OidcProvider, Milestone::Ready),
        (Type::PodIdentityAssociation, Milestone::Ready),
        (Type::Addon, Milestone::Ready),
        (Type::PodIdentityAssociation, Milestone::Ready),
        (Type::OidcProvider, Milestone::Ready),
        (Type::Nodegroup, Milestone::Ready),
        (Type::InternetGateway, Milestone::Ready),
        (Type::NatGateway, Milestone::Ready),
        (Type::RouteTable, Milestone::Ready),
        (Type::Subnet, Milestone::Ready),
        (Type::Object, Milestone::Ready),
        (Type::Certificate, Milestone::Ready),
        (Type::Workload, Milestone::Ready),
        (Type::Webhook, Milestone::Ready),
        (Type::Custom, Milestone::Ready),
    ];

    fn name(&self) -> Option<&str> {
        Some(self.address.text())
    }

    fn create(&self, _: &Added<Self>, _: &[String]) -> Calls {
        Ok(Vec::new())
    }

    fn update(&self, _: &Live<Self>, _: &Comparison) -> Calls {
        Ok(Vec::new())
    }

    fn delete(live: &Live<Self>) -> Calls {
        let address = live.properties.address.clone();
        Ok(vec![Operation::Delete { address, uid: live.id.clone() }.into()])
    }
}

impl Exposed {
    /// The status of one that is to go while its controller is not there.
    pub const ABANDONED: &'static str = "Abandoned";
}

#[cfg(test)]
fn ingress(finalizers: &[&str]) -> Option<Exposed> {
    let address = Address::new(Kind::EXPOSED[0], "web", "a.b");
    let finalizers: Vec<String> = finalizers.iter().map(ToString::to_string).collect();
    Exposed::living(address, &finalizers, ["a-1.us-west-2.elb.amazonaws.com"].into_iter())
}

#[test]
fn only_what_holds_something_in_aws_counts() {
    assert_eq!(ingress(&[]), None);
    assert_eq!(ingress(&["foregroundDeletion"]), None);
    let held = ingress(&["foregroundDeletion", "group.ingress.k8s.aws/shared"]).expect("it is held");
    assert_eq!(held.held_by().collect::<Vec<_>>(), ["group.ingress.k8s.aws/shared"]);
    assert!(held.is_held_from_inside());
    let held = ingress(&[OF_EKS]).expect("it is held");
    assert!(!held.is_held_from_inside());
    assert_eq!(held.key().to_string(), "load-balancer/Ingress/web.a.b");
    assert_eq!(Address::of(&held.key()), Some(held.address));
}

#[test]
fn a_host_name_names_its_load_balancer() {
    let name = |host| balancer(host);
    let application = "internal-k8s-web-api-01-987654321.us-west-2.elb.amazonaws.com";
    assert_eq!(name(application).as_deref(), Some("k8s-web-api-01"));
    let network = "k8s-web-frontend-01-0123456789abcdef.elb.us-west-2.amazonaws.com.cn";
    assert_eq!(name(network).as_deref(), Some("k8s-web-frontend-01"));
    assert_eq!(name("k8s-web-1.example.com"), None);
    assert_eq!(name("localhost"), None);
}
