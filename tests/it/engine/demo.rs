//! A cluster as a file would have it, small enough to see through.

use std::collections::BTreeMap;

use eksact::graph::Graph;
use eksact::resource::ec2::{Association, BlockDeviceMapping, Ebs, Eip, InternetGateway, LaunchTemplate};
use eksact::resource::ec2::{LaunchTemplateData, MetadataOptions, NatGateway, RouteTable};
use eksact::resource::ec2::{Subnet, SubnetId, Target, Vpc};
use eksact::resource::eks::{AccessConfig, AccessEntry, AccessScope, Addon, AtCreation, AuthenticationMode};
use eksact::resource::eks::{Cluster, ClusterEndpoint, ClusterName, Issuer};
use eksact::resource::eks::{DesiredSize, KubernetesNetworkConfig, LaunchTemplateSpecification};
use eksact::resource::eks::{NamespaceConfig, Nodegroup, PodIdentityAssociation, ResourcesVpcConfig};
use eksact::resource::eks::{ScalingConfig, SessionPolicy, Taint, UpdateConfig, UpgradePolicy};
use eksact::resource::iam::{OidcProvider, OidcProviderArn, Role, RoleArn};
use eksact::resource::logs::LogGroup;
use eksact::resource::{Added, Json, List, Part, Set, Tags, Val};

/// What the tests change in the file.
#[derive(Clone, Debug)]
pub struct Demo {
    pub cidr: &'static str,
    /// Given ones, instead of a network of our own.
    pub subnets: Option<[&'static str; 2]>,
    /// A given one for the control plane, by ARN.
    pub role: Option<&'static str>,
    pub nat: Nat,
    pub logging: Vec<&'static str>,
    /// For how many days logs are kept.
    pub retention: Option<u32>,
    pub support: &'static str,
    pub private_access: bool,
    pub public_access_cidrs: Vec<&'static str>,
    pub authentication_mode: AuthenticationMode,
    pub access: Vec<Admission>,
    pub tags: BTreeMap<String, String>,
    pub labels: BTreeMap<String, String>,
    pub taints: Vec<(&'static str, &'static str)>,
    pub max_unavailable: u32,
    pub volume_size: u32,
    pub instance_types: Vec<&'static str>,
    pub spot: bool,
    pub log_level: &'static str,
    pub namespace: Option<&'static str>,
    pub awaited: bool,
    pub max_size: u32,
    pub desired_size: u32,
    pub nodegroup: bool,
    /// Whether pods have roles at all.
    pub identities: bool,
    pub audiences: Vec<&'static str>,
    pub boundary: Option<&'static str>,
    pub workload: Workload,
}

/// How a workload comes by its role.
#[derive(Clone, Debug, Default)]
pub struct Workload {
    pub target: Option<&'static str>,
    pub untagged: bool,
    pub policy: Option<&'static str>,
}

/// Who is let in.
#[derive(Clone, Debug)]
pub struct Admission {
    pub principal: &'static str,
    pub kind: &'static str,
    pub groups: Vec<&'static str>,
    pub username: Option<&'static str>,
    /// Each policy with its namespaces; with none, it holds in the whole cluster.
    pub policies: Vec<(&'static str, Vec<&'static str>)>,
}

impl Admission {
    /// Somebody who may do nothing yet.
    pub fn of(principal: &'static str) -> Self {
        let (kind, groups, policies) = ("STANDARD", Vec::new(), Vec::new());
        Self { principal, kind, groups, username: None, policies }
    }

    /// A team as it usually is let in.
    pub fn team() -> Self {
        let policies =
            vec![("AmazonEKSViewPolicy", vec!["web"]), ("AmazonEKSEditPolicy", vec!["web", "api"])];
        Self { groups: vec!["viewers"], policies, ..Self::of("role/team") }
    }

    fn entry(&self, cluster: &Added<Cluster>, tags: Tags) -> AccessEntry {
        let policy = |(name, namespaces): &(&str, Vec<&str>)| {
            let kind = if namespaces.is_empty() { "cluster" } else { "namespace" };
            let namespaces = namespaces.iter().map(|name| name.to_string()).collect();
            let arn = format!("arn:aws:eks::aws:cluster-access-policy/{name}");
            (arn, AccessScope { r#type: kind.to_owned(), namespaces })
        };
        AccessEntry {
            cluster_name: cluster.get(),
            principal_arn: self.arn(),
            r#type: self.kind.to_owned(),
            kubernetes_groups: texts(&self.groups),
            username: self.username.map(str::to_owned),
            access_policies: self.policies.iter().map(policy).collect(),
            tags,
        }
    }

    pub fn arn(&self) -> String {
        format!("arn:aws:iam::123456789012:{}", self.principal)
    }
}

/// How private subnets reach the internet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nat {
    Disable,
    Single,
    HighlyAvailable,
    /// One, but not where it usually stands.
    Elsewhere,
}

impl Default for Demo {
    fn default() -> Self {
        Self {
            cidr: "192.168.0.0/16",
            subnets: None,
            role: None,
            nat: Nat::Single,
            logging: vec!["audit", "api"],
            retention: Some(30),
            support: "EXTENDED",
            private_access: false,
            public_access_cidrs: vec!["0.0.0.0/0"],
            authentication_mode: AuthenticationMode::Both,
            access: vec![Admission::team()],
            tags: pairs(&[("team", "payments")]),
            labels: pairs(&[("stage", "beta"), ("role", "worker")]),
            taints: vec![("dedicated", "batch")],
            max_unavailable: 1,
            volume_size: 80,
            instance_types: vec!["m5.large"],
            spot: false,
            log_level: "INFO",
            namespace: None,
            awaited: true,
            max_size: 8,
            desired_size: 2,
            nodegroup: true,
            identities: true,
            audiences: vec!["sts.amazonaws.com"],
            boundary: None,
            workload: Workload::default(),
        }
    }
}

pub fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
}

fn texts(texts: &[&str]) -> Set<String> {
    texts.iter().map(|text| text.to_string()).collect()
}

/// The zones that the cluster is in.
const ZONES: [&str; 2] = ["a", "b"];

/// The subnets of the cluster, by zone.
struct Subnets {
    public: Vec<Val<SubnetId>>,
    private: Vec<Val<SubnetId>>,
}

impl Demo {
    pub fn graph(&self) -> Graph {
        let names = self.nodegroup.then(|| "ng1".to_owned());
        self.graph_named(names)
    }

    /// More nodegroups than anybody should have.
    pub fn graph_with(&self, nodegroups: usize) -> Graph {
        self.graph_named((0..nodegroups).map(|number| format!("ng{number}")))
    }

    /// Nodegroups with these names.
    pub fn graph_named(&self, nodegroups: impl IntoIterator<Item = String>) -> Graph {
        let mut graph = Graph::new("demo");
        let subnets = self.network(&mut graph);
        let control_plane = self.control_plane(&mut graph);
        let workers =
            ["arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy", "arn:aws:iam::aws:policy/PullOnly"];
        let node_role = role(&mut graph, "node", &workers);
        graph.add("control-plane", self.log_group());
        let cluster = graph.add("demo", self.cluster(&control_plane, &subnets));
        for admission in &self.access {
            graph.add(&admission.arn(), admission.entry(&cluster, self.tags()));
        }
        let pods = self.identities.then(|| self.pods(&mut graph, &cluster));
        graph.add("vpc-cni", self.vpc_cni(&cluster, pods.as_ref()));
        for name in nodegroups {
            self.nodegroup(&mut graph, &name, (&cluster, &node_role), &subnets);
        }
        graph
    }

    /// Two control planes in one plan, so that their updates name the same mutex.
    pub fn two_control_planes(&self) -> Graph {
        let mut graph = Graph::new("demo");
        let subnets = self.network(&mut graph);
        let control_plane = self.control_plane(&mut graph);
        for name in ["demo", "twin"] {
            graph.add(name, Cluster { name: name.to_owned(), ..self.cluster(&control_plane, &subnets) });
        }
        graph
    }

    fn tags(&self) -> Tags {
        Tags(self.tags.clone())
    }

    fn control_plane(&self, graph: &mut Graph) -> Val<RoleArn> {
        let own = || role(graph, "cluster", &["arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"]).get();
        self.role.map_or_else(own, |given| Val::Known(given.to_owned().into()))
    }

    fn network(&self, graph: &mut Graph) -> Subnets {
        if let Some(given) = self.subnets {
            let given = given.map(|id| Val::Known(id.to_owned().into()));
            return Subnets { public: Vec::new(), private: given.into() };
        }
        let vpc =
            Vpc { cidr_block: self.cidr.to_owned(), enable_dns_hostnames: Some(true), tags: self.tags() };
        let vpc = graph.add("main", vpc);
        let gateway = graph.add("main", InternetGateway { vpc_id: Some(vpc.get()), tags: self.tags() });
        let mut subnets = |kind: &str, first: usize| -> Vec<Val<SubnetId>> {
            let made = ZONES.iter().enumerate().map(|(number, zone)| {
                let subnet = Subnet {
                    vpc_id: vpc.get(),
                    cidr_block: format!("192.168.{}.0/24", first + number),
                    availability_zone: format!("us-west-2{zone}"),
                    map_public_ip_on_launch: Some(kind == "public"),
                    tags: self.tags(),
                };
                graph.add(&format!("{kind}-{zone}"), subnet).get()
            });
            made.collect()
        };
        let subnets = Subnets { public: subnets("public", 0), private: subnets("private", 8) };
        let out = Target { gateway_id: Some(gateway.get()), nat_gateway_id: None };
        graph.add("public", self.route_table(&vpc, Some(out), &subnets.public));
        let nats = self.nats(graph, &subnets.public);
        for (number, zone) in ZONES.iter().enumerate() {
            let nat = nats.get(number).or(nats.first());
            let out = nat.map(|nat| Target { gateway_id: None, nat_gateway_id: Some(nat.get()) });
            let own = std::slice::from_ref(&subnets.private[number]);
            graph.add(&format!("private-{zone}"), self.route_table(&vpc, out, own));
        }
        subnets
    }

    fn route_table(&self, vpc: &Added<Vpc>, out: Option<Target>, subnets: &[Val<SubnetId>]) -> RouteTable {
        RouteTable {
            vpc_id: vpc.get(),
            routes: out.into_iter().map(|out| ("0.0.0.0/0".to_owned(), out)).collect(),
            associations: subnets.iter().cloned().map(Association::of).collect(),
            tags: self.tags(),
        }
    }

    fn nats(&self, graph: &mut Graph, public: &[Val<SubnetId>]) -> Vec<Added<NatGateway>> {
        let stands: &[usize] = match self.nat {
            Nat::Disable => &[],
            Nat::Single => &[0],
            Nat::Elsewhere => &[1],
            Nat::HighlyAvailable => &[0, 1],
        };
        let nats = stands.iter().enumerate().map(|(number, stands)| {
            let address = graph.add(ZONES[number], Eip { domain: "vpc".to_owned(), tags: self.tags() });
            let (subnet_id, allocation_id) = (public[*stands].clone(), address.get());
            graph.add(ZONES[number], NatGateway { subnet_id, allocation_id, tags: self.tags() })
        });
        nats.collect()
    }

    fn log_group(&self) -> LogGroup {
        let log_group_name = LogGroup::name_of("demo");
        LogGroup { log_group_name, retention_in_days: self.retention, tags: self.tags() }
    }

    fn cluster(&self, role: &Val<RoleArn>, subnets: &Subnets) -> Cluster {
        Cluster {
            name: "demo".to_owned(),
            version: None,
            role_arn: role.clone(),
            resources_vpc_config: ResourcesVpcConfig {
                subnet_ids: subnets.public.iter().chain(&subnets.private).cloned().collect(),
                endpoint_private_access: self.private_access,
                endpoint_public_access: true,
                public_access_cidrs: texts(&self.public_access_cidrs),
            },
            kubernetes_network_config: KubernetesNetworkConfig {
                ip_family: "ipv4".to_owned(),
                service_ipv4_cidr: None,
            },
            access_config: AccessConfig {
                authentication_mode: self.authentication_mode,
                bootstrap_cluster_creator_admin_permissions: Some(AtCreation(true)),
            },
            logging: texts(&self.logging),
            encryption_config: None,
            upgrade_policy: UpgradePolicy { support_type: Some(self.support.to_owned()) },
            deletion_protection: None,
            bootstrap_self_managed_addons: Some(false),
            tags: self.tags(),
        }
    }

    /// A role that pods may take in either way, and an association by which some do.
    fn pods(&self, graph: &mut Graph, cluster: &Added<Cluster>) -> Added<Role> {
        let client_id_list = texts(&self.audiences);
        let provider = OidcProvider { url: cluster.get(), client_id_list, tags: self.tags() };
        let provider = graph.add("main", provider);
        let literal = |text: &str| Part::Literal(text.to_owned());
        let trust = vec![
            literal(r#"{"Federated":""#),
            provider.part::<OidcProviderArn>(),
            literal(r#"","Condition":{""#),
            cluster.part::<Issuer>(),
            literal(r#":sub":"system:serviceaccount:web:api"}}"#),
        ];
        let role = Role {
            role_name: None,
            path: Some("/eksact/us-west-2/demo/".to_owned()),
            assume_role_policy_document: Val::Text(trust),
            managed_policy_arns: texts(&["arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"]),
            policies: [].into(),
            permissions_boundary: self.boundary.map(str::to_owned),
            tags: self.tags(),
        };
        let role = graph.add("pods", role);
        let association = PodIdentityAssociation {
            cluster_name: cluster.get(),
            namespace: "web".to_owned(),
            service_account: "api".to_owned(),
            role_arn: role.get(),
            target_role_arn: self.workload.target.map(str::to_owned),
            disable_session_tags: self.workload.untagged,
            policy: SessionPolicy(self.workload.policy.map(|it| Val::Known(Json::from(it.to_owned())))),
            tags: self.tags(),
        };
        graph.add("web.api", association);
        role
    }

    fn vpc_cni(&self, cluster: &Added<Cluster>, role: Option<&Added<Role>>) -> Addon {
        let literal = |text: &str| Part::Literal(text.to_owned());
        let level = format!(r#"{{"env":{{"LOG_LEVEL":"{}","CLUSTER_ENDPOINT":""#, self.log_level);
        let settings = vec![literal(&level), cluster.part::<ClusterEndpoint>(), literal(r#""}}"#)];
        Addon {
            cluster_name: cluster.get::<ClusterName>(),
            addon_name: None,
            addon_version: None,
            configuration_values: Some(Val::Text(settings)),
            service_account_role_arn: role.map(Added::get),
            pod_identity_associations: [].into(),
            namespace_config: self.namespace.map(|it| NamespaceConfig { namespace: it.to_owned() }),
            resolve_conflicts: Some("OVERWRITE".to_owned()),
            awaited: Some(self.awaited),
            tags: self.tags(),
        }
    }

    fn nodegroup(
        &self,
        graph: &mut Graph,
        name: &str,
        (cluster, role): (&Added<Cluster>, &Added<Role>),
        subnets: &Subnets,
    ) {
        let template = graph.add(name, self.launch_template());
        let taint = |(key, value): &(&str, &str)| Taint {
            key: key.to_string(),
            value: value.to_string(),
            effect: "NO_SCHEDULE".to_owned(),
        };
        let nodegroup = Nodegroup {
            cluster_name: cluster.get(),
            nodegroup_name: None,
            node_role: role.get::<RoleArn>(),
            subnets: subnets.private.iter().cloned().collect(),
            instance_types: self.instance_types.iter().map(|it| it.to_string()).collect(),
            ami_type: "AL2023_x86_64_STANDARD".to_owned(),
            capacity_type: if self.spot { "SPOT" } else { "ON_DEMAND" }.to_owned(),
            launch_template: LaunchTemplateSpecification { id: template.get(), version: template.get() },
            scaling_config: ScalingConfig {
                min_size: 1,
                max_size: self.max_size,
                desired_size: DesiredSize::of(self.desired_size),
            },
            labels: self.labels.clone(),
            taints: self.taints.iter().map(taint).collect(),
            update_config: UpdateConfig {
                max_unavailable: Some(self.max_unavailable),
                max_unavailable_percentage: None,
            },
            tags: self.tags(),
        };
        graph.add(name, nodegroup);
    }

    fn launch_template(&self) -> LaunchTemplate {
        let ebs = Ebs {
            volume_size: self.volume_size,
            volume_type: "gp3".to_owned(),
            iops: None,
            throughput: None,
            encrypted: None,
            kms_key_id: None,
        };
        let data = LaunchTemplateData {
            block_device_mappings: List(vec![BlockDeviceMapping {
                device_name: "/dev/xvda".to_owned(),
                ebs,
            }]),
            metadata_options: MetadataOptions {
                http_tokens: "required".to_owned(),
                http_put_response_hop_limit: 2,
            },
            tag_specifications: [("instance".to_owned(), self.tags.clone())].into(),
        };
        LaunchTemplate { launch_template_data: data, launch_template_name: None, tags: self.tags() }
    }
}

fn role(graph: &mut Graph, name: &str, arns: &[&str]) -> Added<Role> {
    let role = Role {
        role_name: None,
        path: Some("/eksact/us-west-2/demo/".to_owned()),
        assume_role_policy_document: Val::Known(format!(r#"{{ "Service": "{name}" }}"#).into()),
        managed_policy_arns: texts(arns),
        policies: [("extra".to_owned(), Val::Known("{}".to_owned().into()))].into(),
        permissions_boundary: None,
        tags: Tags::default(),
    };
    graph.add(name, role)
}
