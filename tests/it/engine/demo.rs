//! A cluster as a file would have it, small enough to see through.

use std::collections::BTreeMap;

use eksact::graph::Graph;
use eksact::resource::ec2::{InternetGateway, LaunchTemplate, LaunchTemplateData, NatGateway, Subnet, Vpc};
use eksact::resource::eks::{Addon, Cluster, DesiredSize, LaunchTemplateSpecification, NamespaceConfig};
use eksact::resource::eks::{ClusterEndpoint, ClusterName, Nodegroup, ResourcesVpcConfig, ScalingConfig};
use eksact::resource::iam::{Role, RoleArn};
use eksact::resource::{Added, Part, Set, Tags, Val};

/// What the tests change in the file.
#[derive(Clone, Debug)]
pub struct Demo {
    pub cidr: &'static str,
    pub logging: Vec<&'static str>,
    pub public_access_cidrs: Vec<&'static str>,
    pub tags: BTreeMap<String, String>,
    pub labels: BTreeMap<String, String>,
    pub volume_size: u32,
    pub instance_types: Option<Vec<String>>,
    pub namespace: Option<&'static str>,
    pub max_size: u32,
    pub desired_size: u32,
    pub nat: bool,
    pub nodegroup: bool,
}

impl Default for Demo {
    fn default() -> Self {
        Self {
            cidr: "192.168.0.0/16",
            logging: vec!["audit", "api"],
            public_access_cidrs: vec!["0.0.0.0/0"],
            tags: pairs(&[("team", "payments")]),
            labels: pairs(&[("stage", "beta"), ("role", "worker")]),
            volume_size: 80,
            instance_types: Some(vec!["m5.large".to_owned()]),
            namespace: None,
            max_size: 8,
            desired_size: 2,
            nat: true,
            nodegroup: true,
        }
    }
}

pub fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
}

fn texts(texts: &[&str]) -> Set<String> {
    texts.iter().map(|text| text.to_string()).collect()
}

impl Demo {
    pub fn graph(&self) -> Graph {
        let mut graph = Graph::new("demo");
        let subnets = self.network(&mut graph);
        let control_plane = role(&mut graph, "cluster", &["arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"]);
        let workers =
            ["arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy", "arn:aws:iam::aws:policy/PullOnly"];
        let node_role = role(&mut graph, "node", &workers);
        let cluster = graph.add("demo", self.cluster(&control_plane, &subnets));
        graph.add("vpc-cni", self.vpc_cni(&cluster));
        if self.nodegroup {
            self.nodegroup(&mut graph, "ng1", (&cluster, &node_role), &subnets);
        }
        graph
    }

    fn tags(&self) -> Tags {
        Tags(self.tags.clone())
    }

    fn network(&self, graph: &mut Graph) -> Vec<Added<Subnet>> {
        let vpc =
            Vpc { cidr_block: self.cidr.to_owned(), enable_dns_hostnames: Some(true), tags: self.tags() };
        let vpc = graph.add("main", vpc);
        graph.add("main", InternetGateway { vpc_id: Some(vpc.get()), tags: self.tags() });
        let subnets = ["b", "a"].map(|zone| {
            let subnet = Subnet {
                vpc_id: vpc.get(),
                cidr_block: format!("192.168.{}.0/24", if zone == "a" { 0 } else { 1 }),
                availability_zone: format!("us-west-2{zone}"),
                map_public_ip_on_launch: Some(zone == "a"),
                tags: self.tags(),
            };
            graph.add(zone, subnet)
        });
        if self.nat {
            graph.add("main", NatGateway { subnet_id: subnets[1].get(), tags: self.tags() });
        }
        subnets.into()
    }

    /// More nodegroups than anybody should have; or with these names.
    pub fn graph_with(&self, nodegroups: usize) -> Graph {
        self.graph_named((0..nodegroups).map(|number| format!("ng{number}")))
    }

    pub fn graph_named(&self, nodegroups: impl IntoIterator<Item = String>) -> Graph {
        let mut graph = Graph::new("demo");
        let subnets = self.network(&mut graph);
        let control_plane = role(&mut graph, "cluster", &["arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"]);
        let node_role = role(&mut graph, "node", &[]);
        let cluster = graph.add("demo", self.cluster(&control_plane, &subnets));
        graph.add("vpc-cni", self.vpc_cni(&cluster));
        for name in nodegroups {
            self.nodegroup(&mut graph, &name, (&cluster, &node_role), &subnets);
        }
        graph
    }

    /// Two control planes in one plan, so that their updates name the same mutex.
    pub fn two_control_planes(&self) -> Graph {
        let mut graph = Graph::new("demo");
        let subnets = self.network(&mut graph);
        let control_plane = role(&mut graph, "cluster", &["arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"]);
        for name in ["demo", "twin"] {
            graph.add(name, Cluster { name: name.to_owned(), ..self.cluster(&control_plane, &subnets) });
        }
        graph
    }

    fn cluster(&self, role: &Added<Role>, subnets: &[Added<Subnet>]) -> Cluster {
        Cluster {
            name: "demo".to_owned(),
            role_arn: role.get(),
            resources_vpc_config: ResourcesVpcConfig {
                subnet_ids: subnets.iter().map(Added::get).collect(),
                public_access_cidrs: texts(&self.public_access_cidrs),
            },
            logging: texts(&self.logging),
            bootstrap_self_managed_addons: Some(false),
            tags: self.tags(),
        }
    }

    fn vpc_cni(&self, cluster: &Added<Cluster>) -> Addon {
        let literal = |text: &str| Part::Literal(text.to_owned());
        let endpoint = cluster.part::<ClusterEndpoint>();
        let settings = vec![literal(r#"{"env":{"CLUSTER_ENDPOINT":""#), endpoint, literal(r#""}}"#)];
        Addon {
            cluster_name: cluster.get::<ClusterName>(),
            addon_name: None,
            addon_version: None,
            configuration_values: Some(Val::Text(settings)),
            namespace_config: self.namespace.map(|it| NamespaceConfig { namespace: it.to_owned() }),
            resolve_conflicts: Some("OVERWRITE".to_owned()),
            tags: self.tags(),
        }
    }

    fn nodegroup(
        &self,
        graph: &mut Graph,
        name: &str,
        (cluster, role): (&Added<Cluster>, &Added<Role>),
        subnets: &[Added<Subnet>],
    ) {
        let data = LaunchTemplateData { volume_size: self.volume_size, http_tokens: "required".to_owned() };
        let template =
            LaunchTemplate { launch_template_data: data, launch_template_name: None, tags: self.tags() };
        let template = graph.add(name, template);
        let nodegroup = Nodegroup {
            cluster_name: cluster.get(),
            nodegroup_name: None,
            node_role: role.get::<RoleArn>(),
            subnets: subnets.iter().map(Added::get).collect(),
            instance_types: self.instance_types.clone(),
            launch_template: LaunchTemplateSpecification { id: template.get(), version: template.get() },
            scaling_config: ScalingConfig {
                min_size: 1,
                max_size: self.max_size,
                desired_size: DesiredSize { size: self.desired_size, applied: None },
            },
            labels: self.labels.clone(),
            tags: self.tags(),
        };
        graph.add(name, nodegroup);
    }
}

fn role(graph: &mut Graph, name: &str, arns: &[&str]) -> Added<Role> {
    let role = Role {
        role_name: None,
        assume_role_policy_document: Val::Known(format!(r#"{{ "Service": "{name}" }}"#).into()),
        managed_policy_arns: texts(arns),
        policies: [("extra".to_owned(), Val::Known("{}".to_owned().into()))].into(),
        tags: Tags::default(),
    };
    graph.add(name, role)
}
