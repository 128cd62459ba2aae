//! A cluster as AWS accepts one, by hand: two zones, one NAT gateway, one node group.

use std::collections::BTreeMap;

use eksact::graph::Graph;
use eksact::resource::ec2::{Association, BlockDeviceMapping, Ebs, Eip, InternetGateway, LaunchTemplate};
use eksact::resource::ec2::{LaunchTemplateData, MetadataOptions, NatGateway, RouteTable, Subnet, Target};
use eksact::resource::ec2::{SubnetId, Vpc};
use eksact::resource::eks::{AccessConfig, AccessEntry, AccessScope, Addon, AtCreation, AuthenticationMode};
use eksact::resource::eks::{Cluster, ClusterName, DesiredSize, Issuer, KubernetesNetworkConfig};
use eksact::resource::eks::{LaunchTemplateSpecification, Nodegroup, PodIdentityAssociation};
use eksact::resource::eks::{
    ResourcesVpcConfig, ScalingConfig, SessionPolicy, Taint, UpdateConfig, UpgradePolicy,
};
use eksact::resource::iam::{OidcProvider, OidcProviderArn, Role, RoleArn};
use eksact::resource::logs::LogGroup;
use eksact::resource::{Added, Json, List, Part, Set, Tags, Val};

use crate::stack::REGION;

/// What the tests change in the file.
#[derive(Clone, Debug)]
pub struct Demo {
    pub name: &'static str,
    pub tags: BTreeMap<String, String>,
    pub hostnames: bool,
    pub nat: bool,
    pub mode: AuthenticationMode,
    pub public_access: bool,
    pub logging: Vec<&'static str>,
    /// For how many days logs are kept.
    pub retention: Option<u32>,
    pub support: &'static str,
    /// What the user `ann` may do, and by which name; without either she is not let in.
    pub access: BTreeMap<String, AccessScope>,
    pub username: Option<&'static str>,
    pub groups: Vec<&'static str>,
    pub settings: Option<&'static str>,
    pub policies: Vec<&'static str>,
    pub inline: BTreeMap<String, String>,
    pub volume_size: u32,
    pub labels: BTreeMap<String, String>,
    pub taints: Vec<(&'static str, &'static str)>,
    pub sizes: (u32, u32, u32),
    pub instance_types: Vec<&'static str>,
    pub nodegroup: bool,
    pub clients: Vec<&'static str>,
    /// Whether vpc-cni has its role by the agent, or by the provider.
    pub by_agent: bool,
    pub boundary: Option<&'static str>,
    /// What an association says besides its role.
    pub session: (Option<&'static str>, bool, Option<&'static str>),
}

impl Default for Demo {
    fn default() -> Self {
        Self {
            name: "demo",
            tags: pairs(&[("team", "payments"), ("cost center", "a=1")]),
            hostnames: true,
            nat: true,
            mode: AuthenticationMode::Both,
            public_access: true,
            logging: vec!["api", "audit"],
            retention: Some(30),
            support: "EXTENDED",
            access: [policy("View", &["web", "team-*"]), policy("Admin", &[])].into(),
            username: None,
            groups: vec!["viewers", "auditors"],
            settings: Some(r#"{"enableNetworkPolicy":"true"}"#),
            policies: vec!["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"],
            inline: pairs(&[("own", &statement("ec2:DescribeTags"))]),
            volume_size: 80,
            labels: pairs(&[("stage", "beta"), ("role", "worker")]),
            taints: vec![("dedicated", "batch"), ("empty", "")],
            sizes: (1, 4, 2),
            instance_types: vec!["m5.large", "m5a.large"],
            nodegroup: true,
            clients: vec!["sts.amazonaws.com"],
            by_agent: false,
            boundary: None,
            session: (None, false, None),
        }
    }
}

pub fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
}

/// Who is let in besides the creator.
pub const ANN: &str = "arn:aws:iam::123456789012:user/people/ann";

/// One of EKS's policies, in some namespaces or in the whole cluster.
pub fn policy(name: &str, namespaces: &[&str]) -> (String, AccessScope) {
    let kind = if namespaces.is_empty() { "cluster" } else { "namespace" };
    let namespaces = namespaces.iter().map(|name| name.to_string()).collect();
    let arn = format!("arn:aws:eks::aws:cluster-access-policy/AmazonEKS{name}Policy");
    (arn, AccessScope { r#type: kind.to_owned(), namespaces })
}

/// A policy that allows one thing.
pub fn statement(action: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"{action}","Resource":"*"}}]}}"#
    )
}

fn trust(service: &str) -> String {
    let principal = format!(r#""Principal":{{"Service":"{service}.amazonaws.com"}}"#);
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow",{principal},"Action":"sts:AssumeRole"}}]}}"#
    )
}

impl Demo {
    pub fn graph(&self) -> Graph {
        let mut graph = Graph::new(self.name);
        let (public, private) = self.network(&mut graph);
        let control_plane = self.role(&mut graph, "cluster", ("eks", vec!["AmazonEKSClusterPolicy"]));
        let subnets = public.iter().chain(&private).map(Added::get).collect();
        let cluster = self.cluster(control_plane.get(), subnets);
        graph.add("control-plane", self.log_group());
        let cluster = graph.add(self.name, cluster);
        if self.mode != AuthenticationMode::ConfigMap {
            graph.add(ANN, self.access_entry(&cluster));
        }
        let pods = self.pods(&mut graph, &cluster);
        graph.add("vpc-cni", self.addon(&cluster, &pods));
        if self.nodegroup {
            let role = self.role(&mut graph, "nodegroup-ng1", ("ec2", self.policies.clone()));
            let template = graph.add("ng1", self.launch_template());
            let group = self.group(&cluster, &role, &template, private.iter().map(Added::get).collect());
            graph.add("ng1", group);
        }
        graph
    }

    fn tags(&self) -> Tags {
        Tags(self.tags.clone())
    }

    fn network(&self, graph: &mut Graph) -> (Vec<Added<Subnet>>, Vec<Added<Subnet>>) {
        let cidr_block = "192.168.0.0/16".to_owned();
        let vpc = Vpc { cidr_block, enable_dns_hostnames: Some(self.hostnames), tags: self.tags() };
        let vpc = graph.add("main", vpc);
        let gateway = graph.add("main", InternetGateway { vpc_id: Some(vpc.get()), tags: self.tags() });
        let mut subnets = |kind: &str, first: usize| -> Vec<Added<Subnet>> {
            let subnet = |(number, zone)| {
                let subnet = Subnet {
                    vpc_id: vpc.get(),
                    cidr_block: format!("192.168.{}.0/19", (first + number) * 32),
                    availability_zone: format!("{REGION}{zone}"),
                    map_public_ip_on_launch: Some(kind == "public"),
                    tags: self.tags(),
                };
                graph.add(&format!("{kind}-{REGION}{zone}"), subnet)
            };
            ["a", "b"].into_iter().enumerate().map(subnet).collect()
        };
        let (public, private) = (subnets("public", 0), subnets("private", 3));
        let out = Target { gateway_id: Some(gateway.get()), nat_gateway_id: None };
        graph.add("public", self.table(&vpc, Some(out), &public));
        let nat = self.nat.then(|| {
            let address = graph.add("us-west-2a", Eip { domain: "vpc".to_owned(), tags: self.tags() });
            let (subnet_id, allocation_id) = (public[0].get(), address.get());
            graph.add("us-west-2a", NatGateway { subnet_id, allocation_id, tags: self.tags() })
        });
        let out = nat.map(|nat| Target { gateway_id: None, nat_gateway_id: Some(nat.get()) });
        graph.add("private-us-west-2a", self.table(&vpc, out, &private));
        (public, private)
    }

    fn table(&self, vpc: &Added<Vpc>, out: Option<Target>, subnets: &[Added<Subnet>]) -> RouteTable {
        RouteTable {
            vpc_id: vpc.get(),
            routes: out.into_iter().map(|out| ("0.0.0.0/0".to_owned(), out)).collect(),
            associations: subnets.iter().map(|subnet| Association::of(subnet.get())).collect(),
            tags: self.tags(),
        }
    }

    fn role(&self, graph: &mut Graph, name: &str, (service, policies): (&str, Vec<&str>)) -> Added<Role> {
        let policy = |name: &&str| format!("arn:aws:iam::aws:policy/{name}");
        let own = self.inline.iter().map(|(name, text)| (name.clone(), Val::Known(text.clone().into())));
        let at_root = self.mode == AuthenticationMode::ConfigMap;
        let role = Role {
            role_name: Some(format!("{}-{REGION}-{name}", self.name)),
            path: (!at_root).then(|| format!("/eksact/{REGION}/{}/", self.name)),
            assume_role_policy_document: Val::Known(trust(service).into()),
            managed_policy_arns: policies.iter().map(policy).collect(),
            policies: own.collect(),
            permissions_boundary: None,
            tags: self.tags(),
        };
        graph.add(name, role)
    }

    fn log_group(&self) -> LogGroup {
        let log_group_name = LogGroup::name_of(self.name);
        LogGroup { log_group_name, retention_in_days: self.retention, tags: self.tags() }
    }

    fn cluster(&self, role_arn: Val<RoleArn>, subnet_ids: Set<Val<SubnetId>>) -> Cluster {
        let cidrs = if self.public_access { &["10.0.0.0/8", "0.0.0.0/0"][..] } else { &[] };
        Cluster {
            name: self.name.to_owned(),
            version: None,
            role_arn,
            resources_vpc_config: ResourcesVpcConfig {
                subnet_ids,
                endpoint_private_access: !self.public_access,
                endpoint_public_access: self.public_access,
                public_access_cidrs: cidrs.iter().map(|cidr| cidr.to_string()).collect(),
            },
            kubernetes_network_config: KubernetesNetworkConfig {
                ip_family: "ipv4".to_owned(),
                service_ipv4_cidr: None,
            },
            access_config: AccessConfig {
                authentication_mode: self.mode,
                bootstrap_cluster_creator_admin_permissions: Some(AtCreation(true)),
            },
            logging: self.logging.iter().map(|kind| kind.to_string()).collect(),
            encryption_config: None,
            upgrade_policy: UpgradePolicy { support_type: Some(self.support.to_owned()) },
            deletion_protection: None,
            bootstrap_self_managed_addons: Some(false),
            tags: self.tags(),
        }
    }

    fn access_entry(&self, cluster: &Added<Cluster>) -> AccessEntry {
        AccessEntry {
            cluster_name: cluster.get(),
            principal_arn: ANN.to_owned(),
            r#type: "STANDARD".to_owned(),
            kubernetes_groups: self.groups.iter().map(|group| group.to_string()).collect(),
            username: self.username.map(str::to_owned),
            access_policies: self.access.clone(),
            tags: self.tags(),
        }
    }

    /// A role that pods may take in either way, and an association by which some do.
    fn pods(&self, graph: &mut Graph, cluster: &Added<Cluster>) -> Added<Role> {
        let clients = self.clients.iter().map(|client| client.to_string()).collect();
        let provider = OidcProvider { url: cluster.get(), client_id_list: clients, tags: self.tags() };
        let provider = graph.add("main", provider);
        let literal = |text: &str| Part::Literal(text.to_owned());
        let trust = vec![
            literal(r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","#),
            literal(r#""Action":["sts:AssumeRole","sts:TagSession"],"#),
            literal(r#""Principal":{"Service":"pods.eks.amazonaws.com"}},{"Effect":"Allow","#),
            literal(r#""Action":"sts:AssumeRoleWithWebIdentity","Principal":{"Federated":""#),
            provider.part::<OidcProviderArn>(),
            literal(r#""},"Condition":{"StringEquals":{""#),
            cluster.part::<Issuer>(),
            literal(r#":sub":"system:serviceaccount:web:api"}}}]}"#),
        ];
        let role = Role {
            role_name: Some(format!("{}-{REGION}-pods", self.name)),
            path: Some(format!("/eksact/{REGION}/{}/", self.name)),
            assume_role_policy_document: Val::Text(trust),
            managed_policy_arns: Set(vec!["arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy".to_owned()]),
            policies: [].into(),
            permissions_boundary: self.boundary.map(str::to_owned),
            tags: self.tags(),
        };
        let role = graph.add("pods", role);
        let (target, untagged, policy) = self.session;
        let association = PodIdentityAssociation {
            cluster_name: cluster.get(),
            namespace: "web".to_owned(),
            service_account: "api".to_owned(),
            role_arn: role.get(),
            target_role_arn: target.map(str::to_owned),
            disable_session_tags: untagged,
            policy: SessionPolicy(policy.map(|json| Val::Known(Json::from(json.to_owned())))),
            tags: self.tags(),
        };
        graph.add("web.api", association);
        role
    }

    fn addon(&self, cluster: &Added<Cluster>, role: &Added<Role>) -> Addon {
        let by_agent = self.by_agent.then(|| ("aws-node".to_owned(), role.get()));
        Addon {
            cluster_name: cluster.get::<ClusterName>(),
            addon_name: None,
            addon_version: None,
            configuration_values: self.settings.map(|json| Val::Known(json.to_owned().into())),
            service_account_role_arn: (!self.by_agent).then(|| role.get()),
            pod_identity_associations: by_agent.into_iter().collect(),
            namespace_config: None,
            resolve_conflicts: Some("OVERWRITE".to_owned()),
            awaited: Some(true),
            tags: self.tags(),
        }
    }

    fn launch_template(&self) -> LaunchTemplate {
        let ebs = Ebs {
            volume_size: self.volume_size,
            volume_type: "gp3".to_owned(),
            iops: Some(3000),
            throughput: Some(125),
            encrypted: Some(true),
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
            tag_specifications: ["instance", "volume", "network-interface"]
                .map(|kind| (kind.to_owned(), pairs(&[("Name", "demo-ng1")])))
                .into(),
        };
        LaunchTemplate { launch_template_data: data, launch_template_name: None, tags: self.tags() }
    }

    fn group(
        &self,
        cluster: &Added<Cluster>,
        role: &Added<Role>,
        template: &Added<LaunchTemplate>,
        subnets: Set<Val<SubnetId>>,
    ) -> Nodegroup {
        let (min_size, max_size, size) = self.sizes;
        let taint = |(key, value): &(&str, &str)| Taint {
            key: key.to_string(),
            value: value.to_string(),
            effect: "NO_SCHEDULE".to_owned(),
        };
        Nodegroup {
            cluster_name: cluster.get(),
            nodegroup_name: None,
            node_role: role.get::<RoleArn>(),
            subnets,
            instance_types: self.instance_types.iter().map(|it| it.to_string()).collect(),
            ami_type: "AL2023_x86_64_STANDARD".to_owned(),
            capacity_type: "ON_DEMAND".to_owned(),
            launch_template: LaunchTemplateSpecification { id: template.get(), version: template.get() },
            scaling_config: ScalingConfig { min_size, max_size, desired_size: DesiredSize::of(size) },
            labels: self.labels.clone(),
            taints: self.taints.iter().map(taint).collect(),
            update_config: UpdateConfig { max_unavailable: Some(1), max_unavailable_percentage: None },
            tags: self.tags(),
        }
    }
}
