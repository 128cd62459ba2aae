//! A network and roles that exist: used, and left exactly as they are.

use aws_sdk_ec2::types::Tenancy;
use aws_sdk_iam::types::Tag;

use super::life::Life;
use super::shell::Shell;

/// Somebody else's network of two private subnets and a public one, and roles for control plane and nodes.
pub async fn network(it: &Shell) -> String {
    let sdk = it.account.sdk().await;
    let ec2 = aws_sdk_ec2::Client::new(&sdk);
    let vpc =
        ec2.create_vpc().cidr_block("10.0.0.0/16").instance_tenancy(Tenancy::Default).send().await.unwrap();
    let vpc = vpc.vpc.unwrap().vpc_id.unwrap();
    let mut ids = Vec::new();
    for (zone, range) in [("a", "10.0.0.0/19"), ("b", "10.0.32.0/19"), ("a", "10.0.64.0/19")] {
        let subnet = ec2.create_subnet().vpc_id(&vpc).cidr_block(range);
        let subnet = subnet.availability_zone(format!("us-west-2{zone}")).send().await.unwrap();
        ids.push(subnet.subnet.unwrap().subnet_id.unwrap());
    }
    let tag = aws_sdk_ec2::types::Tag::builder().key("owner").value("network team").build();
    ec2.create_tags().resources(&vpc).set_resources(Some(ids.clone())).tags(tag).send().await.unwrap();
    role(&sdk, "control-plane", "eks", &["AmazonEKSClusterPolicy"]).await;
    let of_nodes =
        ["AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryPullOnly"];
    role(&sdk, "nodes", "ec2", &of_nodes).await;
    it.account.calls();
    include_str!("../../../examples/04-given-network.yaml")
        .replace("123456789012", &it.account.number)
        .replace("vpc-0dd338ecf29863c55", &vpc)
        .replace("subnet-0b2512f8c6ae9bf30", &ids[0])
        .replace("subnet-08cb9a2ed60394ce3", &ids[1])
        .replace("subnet-0153e497c7a41b3d1", &ids[2])
}

async fn role(sdk: &aws_config::SdkConfig, name: &str, service: &str, policies: &[&str]) {
    let iam = aws_sdk_iam::Client::new(sdk);
    let trust = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{{"Service":"{service}.amazonaws.com"}}}}]}}"#
    );
    let tag = Tag::builder().key("owner").value("security team").build().unwrap();
    let create = iam.create_role().role_name(name).path("/eks/").assume_role_policy_document(trust);
    create.tags(tag).send().await.unwrap();
    for policy in policies {
        let arn = format!("arn:aws:iam::aws:policy/{policy}");
        iam.attach_role_policy().role_name(name).policy_arn(arn).send().await.unwrap();
    }
}

#[tokio::test]
async fn all_given_and_nothing_of_it_touched() {
    let it = Shell::new();
    let file = network(&it).await;
    it.file("cluster.yaml", &file.replace("- name: workers", "- name: workers\n    maxSize: 3"));
    Life {
        create: "apply -f cluster.yaml",
        cluster: "guest",
        nodegroup: ("workers", 2),
        edit: ("privateNetworking: true", "privateNetworking: true\n    labels: {team: web}"),
    }
    .lived_by(&it);
}

#[tokio::test]
async fn no_role_and_no_network_is_made_or_tagged() {
    let it = Shell::new();
    it.file("cluster.yaml", &network(&it).await);
    it.eksact("apply -f cluster.yaml").exits(0);
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
    let allowed = ["ec2:CreateLaunchTemplate", "ec2:DeleteLaunchTemplate", "ec2:DeleteNetworkInterface"];
    let sent = it.sent();
    let others: Vec<&String> =
        sent.iter().filter(|it| !it.starts_with("eks:") && !allowed.contains(&it.as_str())).collect();
    assert!(others.is_empty(), "{others:?}");
}
