//! Components in the graph: objects beside the AWS resources that they need.

use ipnet::Ipv4Net;

use super::identity::{self, Roles};
use super::{Object, Surroundings, objects, subnets, undrawn};
use crate::config::COMPONENT_NAMESPACE as NAMESPACE;
use crate::config::{Choice, ClusterConfig, Code, Component, ComponentName, Diagnostic, Spanned};
use crate::desired::draft::Draft;
use crate::desired::network::Network;
use crate::desired::objects::put;
use crate::resource::Key;
use crate::resource::kubernetes::{Address, Body, CaBundle, Certificate, Fingerprint, Kind, State};
use crate::resource::{Added, Tags, Type};

/// The Secret that the load balancer controller serves with.
const TLS: &str = "aws-load-balancer-tls";
/// The Service by which the API server calls it.
const WEBHOOK: &str = "aws-load-balancer-webhook-service";
/// Which address of its range the cluster's DNS has.
const DNS: u32 = 10;

/// Where components go.
struct Ground<'a> {
    /// The minor version of Kubernetes.
    kubernetes: String,
    /// The VPC's id.
    vpc: Option<Body>,
    /// Whether they are waited for: without nodes nothing runs.
    awaited: bool,
    /// What their roles are bound to; nothing, where AWS is left out.
    roles: Option<&'a Roles<'a>>,
}

/// A cluster that is there already, wherever it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Apart {
    /// The minor version of Kubernetes: `1.36`.
    pub kubernetes: String,
    /// The VPC's id, for the load balancer controller.
    pub vpc: Option<String>,
}

/// Draws those that are not add-ons of EKS.
pub(in crate::desired) fn draw(
    draft: &mut Draft<'_>,
    network: &Network,
    roles: &Roles<'_>,
    kubernetes: Option<&str>,
) {
    let config = draft.config;
    // A version that is not known has been told of; the names that are taken are the same ones.
    let kubernetes = kubernetes.unwrap_or_default();
    let ground = Ground {
        kubernetes: kubernetes.to_owned(),
        vpc: network.vpc.as_ref().map(Body::of),
        awaited: draft.has_nodes,
        roles: Some(roles),
    };
    for component in config.components.iter().filter(|component| !config.has_addon(component.name.value)) {
        one(draft, component, &ground);
        if component.name.value == ComponentName::LoadBalancerController {
            subnets::check(draft, network);
        }
    }
}

/// Draws all of them: nobody else brings add-ons.
pub(in crate::desired) fn draw_apart(draft: &mut Draft<'_>, apart: &Apart) {
    let vpc = apart.vpc.as_ref().map(|id| Body::Plain(id.as_str().into()));
    let ground = Ground { kubernetes: apart.kubernetes.clone(), vpc, awaited: true, roles: None };
    for component in draft.config.components.iter() {
        match (component.name.value, &ground.vpc) {
            (ComponentName::LoadBalancerController, None) => draft.refuse(no_vpc(component)),
            _ => one(draft, component, &ground),
        }
    }
}

fn one(draft: &mut Draft<'_>, component: &Spanned<Component>, ground: &Ground<'_>) {
    let role = ground.roles.and_then(|roles| identity::give(draft, component, roles));
    let mut around = Surroundings {
        cluster: Body::Plain(draft.name().into()),
        region: draft.config.metadata.region.0.clone(),
        kubernetes: ground.kubernetes.clone(),
        vpc: ground.vpc.clone(),
        role_arn: role.as_ref().map(Body::of),
        ca_bundle: None,
        certificate_hash: None,
        dns_address: None,
    };
    match component.name.value {
        ComponentName::LoadBalancerController => {
            let certificate = certificate(draft, component);
            around.ca_bundle = Some(Body::of(&certificate.get::<CaBundle>()));
            around.certificate_hash = Some(Body::of(&certificate.get::<Fingerprint>()));
        }
        ComponentName::Coredns => match dns_address(draft) {
            Some(address) => around.dns_address = Some(address),
            None => return draft.refuse(no_service_range(component)),
        },
        _ => {}
    }
    match objects(component, &around) {
        Ok(found) => found.into_iter().for_each(|object| add(draft, component, object, ground.awaited)),
        Err(why) => draft.refuse(undrawn(component, &why)),
    }
}

fn add(draft: &mut Draft<'_>, component: &Component, object: Object, awaited: bool) {
    let scope = component.name.word();
    let Some(kind) = Kind::named(&object.kind) else { return };
    // Where nothing runs nobody answers, and whoever asks all the same would refuse other people's objects.
    if kind.stage == Type::Webhook && !awaited {
        return;
    }
    let address = Address::new(kind, object.namespace.as_deref().unwrap_or_default(), &object.name);
    let key = Key { kind: kind.stage, name: address.key_name(scope) };
    put(draft, scope, address, object.body, awaited);
    place(draft, &key, component);
}

fn place(draft: &mut Draft<'_>, key: &Key, component: &Component) {
    let workload = key.kind == Type::Workload;
    let written = |at: Option<crate::config::Span>| at.filter(|_| workload);
    let budget = component.pod_disruption_budget.as_ref().filter(|_| is_budget(key));
    let pod = |field: &str| format!("spec.template.spec.{field}");
    let container = |field: &str| pod(&format!("containers.{}.{field}", component.name.word()));
    let places = [
        (String::new(), component.name.written_at()),
        ("spec".to_owned(), budget.and_then(|it| it.written_at())),
        ("spec.replicas".to_owned(), written(component.replicas.as_ref().and_then(|it| it.written_at()))),
        (pod("nodeSelector"), written(component.node_selector.written_at())),
        (pod("tolerations"), written(component.tolerations.written_at())),
        (pod("topologySpreadConstraints"), written(component.topology_spread.written_at())),
        (container("image"), written(component.version.as_ref().and_then(|it| it.written_at()))),
        (container("args"), written(component.extra_args.written_at())),
        (container("resources"), written(component.resources.as_ref().and_then(|it| it.written_at()))),
    ];
    let places: Vec<(&str, Option<crate::config::Span>)> =
        places.iter().map(|(path, at)| (path.as_str(), *at)).collect();
    draft.places(key, &places);
}

fn is_budget(key: &Key) -> bool {
    Address::of(key).is_some_and(|address| address.kind.name == "PodDisruptionBudget")
}

/// The certificate by which the API server knows the load balancer controller's webhook.
fn certificate(draft: &mut Draft<'_>, component: &Component) -> Added<Certificate> {
    let name = component.name.word();
    let kind = Kind::named("Secret").unwrap_or(Kind::CONFIG_MAP);
    let address = Address::new(kind, NAMESPACE, TLS);
    let labels = [("name", name), ("instance", name), ("component", "webhook")];
    let label = |(key, value): (&str, &str)| (format!("app.kubernetes.io/{key}"), value.to_owned());
    let host = format!("{WEBHOOK}.{NAMESPACE}");
    let certificate = Certificate {
        names: vec![host.clone(), format!("{host}.svc"), format!("{host}.svc.cluster.local")],
        state: State::Good,
        tags: Tags::default(),
        labels: labels.map(label).to_vec(),
        address: address.clone(),
    };
    let certificate = draft.graph.add(&address.key_name(name), certificate);
    draft.places(certificate.key(), &[("", component.name.written_at())]);
    certificate
}

/// In the range of services, as the file has it or as it was chosen before.
fn dns_address(draft: &Draft<'_>) -> Option<String> {
    draft.kept.services.map_or_else(|| written_dns_address(draft.config), tenth)
}

/// The address of the cluster's DNS, where the file says the range of services.
pub fn written_dns_address(config: &ClusterConfig) -> Option<String> {
    tenth(config.kubernetes_network_config.service_ipv4_cidr.as_ref()?.0)
}

fn tenth(range: Ipv4Net) -> Option<String> {
    range.hosts().nth(usize::try_from(DNS).ok()?.checked_sub(1)?).map(|address| address.to_string())
}

/// EKS chooses the range as it makes the cluster; the address in it must be said before.
fn no_service_range(component: &Component) -> Diagnostic {
    let message = "the address of the cluster's DNS is not known before EKS has chosen the range of services";
    Diagnostic::new(Code::NeedsOther, component.name.place(), message)
        .label("is found at the tenth address of that range")
        .help("write `kubernetesNetworkConfig.serviceIPv4CIDR`, such as 10.100.0.0/16")
}

/// A controller that asks for it gets it from no node: the way there is closed on purpose.
fn no_vpc(component: &Component) -> Diagnostic {
    let message = "the load balancer controller must be told its VPC";
    Diagnostic::new(Code::NeedsOther, component.name.place(), message)
        .label("is not told one")
        .help("add --vpc-id, or write `vpc.id`")
}

#[test]
fn the_tenth_address() {
    let range = |text: &str| tenth(text.parse().expect("a range"));
    assert_eq!(range("10.100.0.0/16").as_deref(), Some("10.100.0.10"));
    assert_eq!(range("172.20.0.0/12").as_deref(), Some("172.16.0.10"));
}
