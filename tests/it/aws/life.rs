//! Every type from its making to its end: what is read back is what was asked for.

use eksact::resource::ec2::LaunchTemplate;
use eksact::resource::eks::UpdateConfig;
use eksact::resource::eks::{Addon, AtCreation, AuthenticationMode, Cluster, NamespaceConfig, Nodegroup};
use eksact::resource::{Live, OneOf, Type};
use eksact::world::{Found, World};

use super::demo::{Demo, pairs, policy, statement};
use super::desk::{Desk, key};

#[tokio::test]
async fn every_type_reads_back_as_it_was_asked_for_and_goes_again() {
    let graph = Demo::default().graph();
    let mut desk = Desk::new("demo").await;
    let before = desk.account.inventory();
    for node in graph.nodes() {
        let live = desk.make(&node.key, &node.resource).await;
        assert_eq!(desk.differences(&node.resource, &live), [""; 0], "{}", node.key);
        assert_eq!(live.key().as_ref(), Some(&node.key));
        assert_eq!(live.attributes.get(node.key.kind.id()), Some(&live.id), "{}", node.key);
    }
    let made: std::collections::BTreeSet<Type> = graph.nodes().iter().map(|node| node.key.kind).collect();
    // What pods keep their data in is never asked for here.
    let asked = |kind: &&Type| !kind.is_kubernetes() && **kind != Type::Volume;
    assert_eq!(made.len(), Type::ALL.iter().filter(asked).count(), "all types of AWS");
    let found = desk.observe(&graph).await;
    for node in graph.nodes() {
        let [Found::Present(live)] = &found[&node.key][..] else { panic!("{:?}", found[&node.key]) };
        assert_eq!(desk.differences(&node.resource, live), [""; 0], "{}", node.key);
    }
    for node in graph.nodes().iter().rev() {
        desk.delete(&node.key).await;
    }
    assert_eq!(desk.account.inventory(), before);
}

/// Each edit with the properties that it changes, of which resources.
#[tokio::test]
async fn every_property_that_can_change_does() {
    let mut desk = Desk::with(&Demo::default().graph()).await;
    let edited = Demo {
        tags: pairs(&[("team", "billing"), ("new", "")]),
        hostnames: false,
        mode: AuthenticationMode::Api,
        public_access: false,
        logging: vec!["scheduler"],
        retention: None,
        support: "STANDARD",
        access: [policy("View", &["web"]), policy("Edit", &["web"])].into(),
        username: Some("ann"),
        groups: vec!["editors"],
        settings: None,
        policies: vec!["AmazonEKSWorkerNodePolicy", "AmazonSSMManagedInstanceCore"],
        inline: pairs(&[("other", &statement("ec2:DescribeVpcs"))]),
        volume_size: 100,
        labels: pairs(&[("stage", "prod"), ("new", "yes")]),
        taints: vec![("dedicated", "web"), ("more", "")],
        sizes: (2, 5, 3),
        clients: vec!["sts.amazonaws.com", "sts.us-west-2.amazonaws.com"],
        by_agent: true,
        boundary: Some("arn:aws:iam::aws:policy/PowerUserAccess"),
        session: (Some("arn:aws:iam::210987654321:role/there"), true, Some(r#"{"Version":"2012-10-17"}"#)),
        ..Demo::default()
    };
    let edited = edited.graph();
    let mut told = Vec::new();
    for node in edited.nodes() {
        let paths = desk.change(&node.key, &node.resource).await;
        let own = paths.iter().filter(|path| !path.starts_with("Tags."));
        told.extend(own.map(|path| format!("{} {path}", node.key)));
        let kinds_without_tags = paths.iter().all(|path| !path.starts_with("Tags.team"));
        assert!(!kinds_without_tags, "{}: {paths:?}", node.key);
    }
    let inline = ["own", "other"].map(|name| format!("Policies.{name}"));
    let roles = ["role/cluster", "role/nodegroup-ng1"];
    for role in roles {
        inline.iter().for_each(|path| assert!(told.contains(&format!("{role} {path}")), "{told:#?}"));
    }
    told.retain(|line| !line.contains(" Policies."));
    assert_eq!(
        told,
        [
            "vpc/main EnableDnsHostnames",
            "log-group/control-plane RetentionInDays",
            "cluster/demo ResourcesVpcConfig.EndpointPrivateAccess",
            "cluster/demo ResourcesVpcConfig.EndpointPublicAccess",
            "cluster/demo ResourcesVpcConfig.PublicAccessCidrs",
            "cluster/demo AccessConfig.AuthenticationMode",
            "cluster/demo Logging",
            "cluster/demo UpgradePolicy.SupportType",
            "access-entry/arn:aws:iam::123456789012:user/people/ann KubernetesGroups",
            "access-entry/arn:aws:iam::123456789012:user/people/ann Username",
            "access-entry/arn:aws:iam::123456789012:user/people/ann \
             AccessPolicies.arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy",
            "access-entry/arn:aws:iam::123456789012:user/people/ann \
             AccessPolicies.arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
            "access-entry/arn:aws:iam::123456789012:user/people/ann \
             AccessPolicies.arn:aws:eks::aws:cluster-access-policy/AmazonEKSAdminPolicy",
            "oidc-provider/main ClientIdList",
            "role/pods PermissionsBoundary",
            "pod-identity-association/web.api TargetRoleArn",
            "pod-identity-association/web.api DisableSessionTags",
            "pod-identity-association/web.api Policy",
            "addon/vpc-cni ConfigurationValues",
            "addon/vpc-cni ServiceAccountRoleArn",
            "addon/vpc-cni PodIdentityAssociations.aws-node",
            "role/nodegroup-ng1 ManagedPolicyArns",
            "launch-template/ng1 LaunchTemplateData.BlockDeviceMappings.0.Ebs.VolumeSize",
            "nodegroup/ng1 LaunchTemplate.Version",
            "nodegroup/ng1 ScalingConfig.MinSize",
            "nodegroup/ng1 ScalingConfig.MaxSize",
            "nodegroup/ng1 ScalingConfig.DesiredSize",
            "nodegroup/ng1 Labels.new",
            "nodegroup/ng1 Labels.stage",
            "nodegroup/ng1 Labels.role",
            "nodegroup/ng1 Taints",
        ]
    );
}

/// What the first test leaves at its defaults.
#[tokio::test]
async fn other_values_read_back_too() {
    let plain = Demo { logging: vec![], settings: None, taints: vec![], ..Demo::default() };
    let graph = Demo { inline: pairs(&[]), public_access: false, ..plain }.graph();
    let mut desk = Desk::new("demo").await;
    for node in graph.nodes() {
        let mut resource = node.resource.clone();
        if let Some(cluster) = Cluster::of_mut(&mut resource) {
            cluster.version = Some("1.33".to_owned());
            cluster.encryption_config = Some(desk.account.kms_key());
            cluster.kubernetes_network_config.service_ipv4_cidr = Some("172.20.0.0/16".to_owned());
            cluster.access_config.authentication_mode = AuthenticationMode::Api;
            cluster.access_config.bootstrap_cluster_creator_admin_permissions = Some(AtCreation(false));
        }
        if let Some(addon) = Addon::of_mut(&mut resource) {
            addon.namespace_config = Some(NamespaceConfig { namespace: "kube-system".to_owned() });
            addon.resolve_conflicts = None;
        }
        if let Some(template) = LaunchTemplate::of_mut(&mut resource) {
            template.launch_template_data.tag_specifications = [].into();
            let volume = &mut template.launch_template_data.block_device_mappings.0[0].ebs;
            (volume.iops, volume.throughput, volume.encrypted) = (None, None, None);
        }
        if let Some(group) = Nodegroup::of_mut(&mut resource) {
            group.capacity_type = "SPOT".to_owned();
            group.update_config =
                UpdateConfig { max_unavailable: None, max_unavailable_percentage: Some(33) };
            group.labels = [].into();
        }
        let live = desk.make(&node.key, &resource).await;
        assert_eq!(desk.differences(&resource, &live), [""; 0], "{}", node.key);
    }
}

#[tokio::test]
async fn of_the_versions_of_a_launch_template_a_strangers_is_not_taken_for_ours() {
    let mut desk = Desk::with(&Demo::default().graph()).await;
    let template = key("launch-template/ng1");
    let first = desk.ready(&template).await;
    assert_eq!((first.attributes["LatestVersionNumber"].as_str(), first.earlier.len()), ("1", 0));
    // The same, and a script besides.
    let ec2 = aws_sdk_ec2::Client::new(&desk.account.sdk().await);
    let more = aws_sdk_ec2::types::RequestLaunchTemplateData::builder().user_data("ZWNobwo=").build();
    let add = ec2.create_launch_template_version().launch_template_id(&first.id).source_version("1");
    add.launch_template_data(more).send().await.unwrap();
    assert_eq!(desk.ready(&template).await, first, "no node group of ours is brought to it");
    let edited = Demo { volume_size: 100, ..Demo::default() }.graph();
    desk.change(&template, &edited.node(&template).unwrap().resource).await;
    let now = desk.ready(&template).await;
    let earlier: Vec<_> = now.earlier.iter().map(|(version, _)| version.as_str()).collect();
    assert_eq!((now.attributes["LatestVersionNumber"].as_str(), earlier), ("3", vec!["1"]));
    // What was is found among the earlier ones, and nothing is sent for it.
    let told = desk.change(&template, &Demo::default().graph().node(&template).unwrap().resource).await;
    assert_eq!(told, [""; 0]);
}

#[tokio::test]
async fn routes_and_associations_come_and_go() {
    let with = Demo::default().graph();
    let mut desk = Desk::with(&with).await;
    let table = key("route-table/private-us-west-2a");
    let of = |graph: &eksact::graph::Graph| graph.node(&table).unwrap().resource.clone();
    let without = Demo { nat: false, ..Demo::default() }.graph();
    assert_eq!(desk.change(&table, &of(&without)).await, ["Routes.0.0.0.0/0"]);
    desk.delete(&key("nat-gateway/us-west-2a")).await;
    assert_eq!(gone(&desk.aws.look(&key("nat-gateway/us-west-2a")).await.unwrap()), ["deleted"]);
    let nat = with.node(&key("nat-gateway/us-west-2a")).unwrap();
    // The token is that of the one that is gone: by its id it becomes another one.
    let dead = desk.aws.look(&nat.key).await.unwrap().into_iter().map(|live| live.id).collect::<Vec<_>>();
    let mut again = nat.resource.clone();
    eksact::resource::Property::resolve(&mut again, &desk.outputs);
    for operation in again.create(&nat.key, &dead).unwrap() {
        desk.call(&nat.key, &operation).await.unwrap();
    }
    desk.ready(&nat.key).await;
    assert_eq!(desk.change(&table, &of(&with)).await, ["Routes.0.0.0.0/0"]);
}

fn gone(found: &[Live]) -> Vec<&str> {
    found.iter().map(|live| live.status.as_str()).collect()
}

#[tokio::test]
async fn what_makes_tell_is_enough_to_go_on() {
    let mut desk = Desk::with(&Demo::default().graph()).await;
    let expected = [
        ("cluster/demo", &["Arn", "CertificateAuthorityData", "ClusterSecurityGroupId", "Endpoint"][..]),
        (
            "cluster/demo",
            &["Name", "OpenIdConnectIssuer", "OpenIdConnectIssuerUrl", "PlatformVersion", "Version", "VpcId"],
        ),
        ("nodegroup/ng1", &["Arn", "NodegroupName", "Version", "ReleaseVersion", "AutoScalingGroupName"]),
        ("addon/vpc-cni", &["Arn", "AddonName", "AddonVersion"]),
        ("role/cluster", &["Arn", "RoleName", "RoleId", "CreateDate"]),
        ("launch-template/ng1", &["LaunchTemplateId", "LatestVersionNumber"]),
        ("nat-gateway/us-west-2a", &["NatGatewayId", "PublicIp"]),
        ("eip/us-west-2a", &["AllocationId", "PublicIp"]),
    ];
    for (name, attributes) in expected {
        let live = desk.ready(&key(name)).await;
        for attribute in attributes {
            assert!(live.attributes.contains_key(attribute), "{name} {attribute}: {:?}", live.attributes);
        }
    }
    let role = desk.ready(&key("role/cluster")).await;
    let made: eksact::resource::Timestamp = role.attributes["CreateDate"].parse().unwrap();
    assert_eq!(Some(made), role.made);
}
