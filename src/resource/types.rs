//! The closed list of types, and the way from any of them to its functions.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Added, Calls, Comparison, Incomplete, Key, Live, Milestone, Outputs, Place, Property};
use super::{Resource, Seen, Standing, Tags, ec2, eks, iam, kubernetes, logs};

/// A type in the list.
pub trait OneOf: Into<Any> {
    /// Which one.
    const TYPE: Type;

    /// One of this type, if that is what it is.
    fn of(any: &Any) -> Option<&Self>;

    /// The same, to change.
    fn of_mut(any: &mut Any) -> Option<&mut Self>;
}

macro_rules! types {
    ($($name:ident($type:ty) $word:literal $cloudformation:literal;)*) => {
        /// The types of resource.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Type { $(#[doc = $cloudformation] $name),* }

        impl Type {
            /// All of them.
            pub const ALL: &'static [Type] = &[$(Type::$name),*];

            /// As keys name it.
            pub fn word(self) -> &'static str {
                match self { $(Type::$name => $word),* }
            }
            /// As CloudFormation names it.
            pub fn cloudformation(self) -> &'static str {
                match self { $(Type::$name => $cloudformation),* }
            }
            /// See [`Resource::AFTER`].
            pub fn after(self) -> &'static [(Type, Milestone)] {
                match self { $(Type::$name => <$type>::AFTER),* }
            }
            /// See [`Resource::PROTECTED`].
            pub fn protected(self) -> bool {
                match self { $(Type::$name => <$type>::PROTECTED),* }
            }
            /// See [`Resource::GATHERS`].
            pub fn gathers(self) -> bool {
                match self { $(Type::$name => <$type>::GATHERS),* }
            }
            /// See [`Resource::LINGERS`].
            pub fn lingers(self) -> bool {
                match self { $(Type::$name => <$type>::LINGERS),* }
            }
            /// The types that one of this type may refer to, and those that it comes after.
            pub fn needs(self) -> Vec<Type> {
                let mut needs: Vec<Type> = self.after().iter().map(|(kind, _)| *kind).collect();
                match self { $(Type::$name => <$type as Property>::types(&mut |kind| needs.push(kind))),* }
                needs
            }
            /// See [`Resource::STATES`].
            pub fn states(self) -> &'static [(&'static str, Standing)] {
                match self { $(Type::$name => <$type>::STATES),* }
            }
            /// See [`Resource::ID`].
            pub fn id(self) -> &'static str {
                match self { $(Type::$name => <$type>::ID),* }
            }
        }

        /// A resource of any type.
        #[derive(Clone, Debug, PartialEq, Serialize)]
        #[serde(untagged)]
        pub enum Any { $(#[doc = $cloudformation] $name($type)),* }

        $(impl OneOf for $type {
            const TYPE: Type = Type::$name;
            fn of(any: &Any) -> Option<&Self> {
                if let Any::$name(resource) = any { Some(resource) } else { None }
            }
            fn of_mut(any: &mut Any) -> Option<&mut Self> {
                if let Any::$name(resource) = any { Some(resource) } else { None }
            }
        })*

        $(impl From<$type> for Any {
            fn from(resource: $type) -> Self { Any::$name(resource) }
        })*

        impl Any {
            /// Its type.
            pub fn kind(&self) -> Type {
                match self { $(Any::$name(_) => Type::$name),* }
            }
            /// Its tags.
            pub fn tags(&self) -> &Tags {
                match self { $(Any::$name(resource) => &resource.tags),* }
            }
            /// Its tags, to change.
            pub fn tags_mut(&mut self) -> &mut Tags {
                match self { $(Any::$name(resource) => &mut resource.tags),* }
            }
            /// See [`Resource::mark`].
            pub fn mark(&self) -> Option<(&'static str, String)> {
                match self { $(Any::$name(resource) => resource.mark()),* }
            }
            /// See [`Resource::name`].
            pub fn name(&self) -> Option<&str> {
                match self { $(Any::$name(resource) => resource.name()),* }
            }
            /// See [`Resource::take_name`].
            pub fn take_name(&mut self, key: &Key, held: &[&str]) -> Result<(), Incomplete> {
                match self { $(Any::$name(resource) => resource.take_name(key, held)),* }
            }
            /// See [`Resource::face`]; `None` for one of another type.
            pub fn face(&self, live: &Live) -> Option<Live> {
                match self { $(Any::$name(resource) => Some(resource.face(Live::of(live)?).into_any())),* }
            }
            /// How it differs from what lives.
            pub fn differences(&self, live: &Any) -> Comparison {
                let mut comparison = Comparison::default();
                match (self, live) {
                    $((Any::$name(desired), Any::$name(live)) => {
                        desired.compare(live, &Place::root(), &mut comparison);
                    })*
                    _ => {}
                }
                comparison
            }
            /// See [`Resource::create`].
            pub fn create(&self, key: &Key, dead: &[String]) -> Calls {
                match self { $(Any::$name(resource) => resource.create(&Added::new(key.clone()), dead)),* }
            }
            /// See [`Resource::update`].
            pub fn update(&self, live: &Live, how: &Comparison) -> Calls {
                match self {
                    $(Any::$name(resource) => {
                        Live::of(live).map_or(Ok(Vec::new()), |live| resource.update(&live, how))
                    })*
                }
            }
            /// See [`Resource::is_held`].
            pub fn is_held(&self, live: &Live) -> bool {
                match self {
                    $(Any::$name(resource) => Live::of(live).is_some_and(|live| resource.is_held(&live))),*
                }
            }
            /// See [`Resource::take_from`].
            pub fn take_from(&self, other: &Live) -> Calls {
                match self {
                    $(Any::$name(resource) => {
                        Live::of(other).map_or(Ok(Vec::new()), |other| resource.take_from(&other))
                    })*
                }
            }
        }

        impl Live {
            /// See [`Resource::delete`].
            pub fn delete(&self) -> Calls {
                match self.properties {
                    $(Any::$name(_) => Live::of(self).map_or(Ok(Vec::new()), |live| <$type>::delete(&live))),*
                }
            }
        }

        impl Property for Any {
            fn visit(&self, see: &mut dyn FnMut(Seen<'_>)) {
                match self { $(Any::$name(resource) => resource.visit(see)),* }
            }
            fn resolve(&mut self, outputs: &Outputs) {
                match self { $(Any::$name(resource) => resource.resolve(outputs)),* }
            }
        }
    };
}

impl Type {
    /// Whether it is an object in the cluster, and the cluster's API server is asked for it.
    pub fn is_kubernetes(self) -> bool {
        match self {
            Type::Inventory
            | Type::Namespace
            | Type::Definition
            | Type::Object
            | Type::Certificate
            | Type::Workload
            | Type::Webhook
            | Type::Custom
            | Type::Exposed => true,
            Type::Vpc
            | Type::Subnet
            | Type::InternetGateway
            | Type::RouteTable
            | Type::Eip
            | Type::NatGateway
            | Type::LaunchTemplate
            | Type::Volume
            | Type::Role
            | Type::OidcProvider
            | Type::LogGroup
            | Type::Cluster
            | Type::AccessEntry
            | Type::Addon
            | Type::PodIdentityAssociation
            | Type::Nodegroup => false,
        }
    }

    /// What one of AWS's words for a status means.
    pub fn standing(self, status: &str) -> Standing {
        let mut states = self.states().iter();
        states.find(|(word, _)| *word == status).map_or(Standing::Unclear, |(_, standing)| *standing)
    }

    /// All that one of this type may hang on, over however many steps.
    pub fn all_needs(self) -> BTreeSet<Type> {
        let (mut all, mut next) = (BTreeSet::new(), self.needs());
        while let Some(kind) = next.pop() {
            if all.insert(kind) {
                next.extend(kind.needs());
            }
        }
        all
    }
}

#[test]
fn no_type_needs_itself_so_no_plan_has_a_cycle() {
    assert!(Type::ALL.iter().all(|kind| !kind.all_needs().contains(kind)));
    let vpc_is_last = |kind: &&Type| **kind == Type::Vpc || kind.all_needs().contains(&Type::Vpc);
    let aside: Vec<&Type> = Type::ALL.iter().filter(|kind| !vpc_is_last(kind)).collect();
    assert_eq!(aside, [&Type::Eip, &Type::LaunchTemplate, &Type::Role, &Type::LogGroup]);
}

types! {
    Vpc(ec2::Vpc) "vpc" "AWS::EC2::VPC";
    Subnet(ec2::Subnet) "subnet" "AWS::EC2::Subnet";
    InternetGateway(ec2::InternetGateway) "internet-gateway" "AWS::EC2::InternetGateway";
    RouteTable(ec2::RouteTable) "route-table" "AWS::EC2::RouteTable";
    Eip(ec2::Eip) "eip" "AWS::EC2::EIP";
    NatGateway(ec2::NatGateway) "nat-gateway" "AWS::EC2::NatGateway";
    LaunchTemplate(ec2::LaunchTemplate) "launch-template" "AWS::EC2::LaunchTemplate";
    Volume(ec2::Volume) "volume" "AWS::EC2::Volume";
    Role(iam::Role) "role" "AWS::IAM::Role";
    OidcProvider(iam::OidcProvider) "oidc-provider" "AWS::IAM::OIDCProvider";
    LogGroup(logs::LogGroup) "log-group" "AWS::Logs::LogGroup";
    Cluster(eks::Cluster) "cluster" "AWS::EKS::Cluster";
    AccessEntry(eks::AccessEntry) "access-entry" "AWS::EKS::AccessEntry";
    Addon(eks::Addon) "addon" "AWS::EKS::Addon";
    PodIdentityAssociation(eks::PodIdentityAssociation) "pod-identity-association" "AWS::EKS::PodIdentityAssociation";
    Nodegroup(eks::Nodegroup) "nodegroup" "AWS::EKS::Nodegroup";
    Inventory(kubernetes::Inventory) "inventory" "v1 ConfigMap";
    Namespace(kubernetes::Namespace) "namespace" "v1 Namespace";
    Definition(kubernetes::Definition) "definition" "apiextensions.k8s.io/v1 CustomResourceDefinition";
    Object(kubernetes::Object) "object" "Kubernetes objects";
    Certificate(kubernetes::Certificate) "certificate" "v1 Secret";
    Workload(kubernetes::Workload) "workload" "apps/v1 workloads";
    Webhook(kubernetes::Webhook) "webhook" "Kubernetes webhooks";
    Custom(kubernetes::Custom) "custom" "Kubernetes custom objects";
    Exposed(kubernetes::Exposed) "load-balancer" "Kubernetes load balancers";
}
