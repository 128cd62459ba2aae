//! What is said of a file's departures is true of what is made for it.

use eksact::config::{Source, read};
use eksact::desired::desired;
use eksact::world::Snapshot;
use serde_json::{Value, json};

use super::desk::{facts, model};
use super::graphs::examples;

/// A node group under each language, with something in the file besides.
fn files() -> Vec<Source> {
    let bodies = [
        "",
        "accessConfig: {bootstrapClusterCreatorAdminPermissions: false, authenticationMode: API}",
        "vpc: {publicAccessCIDRs: [203.0.113.0/24], clusterEndpoints: {privateAccess: true}}",
        "vpc: {clusterEndpoints: {publicAccess: false, privateAccess: true}}",
        "cloudWatch: {clusterLogging: {enableTypes: [all]}}",
        "cloudWatch: {clusterLogging: {enableTypes: [all], logRetentionInDays: 7}}",
        "upgradePolicy: {supportType: STANDARD}",
        "upgradePolicy: {supportType: EXTENDED}",
        "iam: {withOIDC: true}",
        "addons: [{name: eks-pod-identity-agent}, {name: vpc-cni, useDefaultPodIdentityAssociations: true}]",
        "addons: [{name: eks-pod-identity-agent}]\naddonsConfig: {autoApplyPodIdentityAssociations: true}",
        "addons: [{name: vpc-cni, serviceAccountRoleARN: \"arn:aws:iam::123456789012:role/pods\"}]",
    ];
    let group = "managedNodeGroups: [{name: ng1}, {name: ng2, privateNetworking: true, volumeEncrypted: true, disablePodIMDS: true}]";
    let file = |language: &str, body: &str| {
        format!(
            "apiVersion: {language}\nkind: ClusterConfig\nmetadata: {{name: demo, region: us-west-2}}\n{body}\n{group}\n"
        )
    };
    let languages = ["eksctl.io/v1alpha5", "eksact.dev/v1alpha1"];
    let own = languages
        .iter()
        .flat_map(|language| bodies.iter().map(|body| Source::new("own", file(language, body))));
    own.chain(examples().into_iter().map(|(_, source)| source)).collect()
}

/// What will be made: whether each check departs, read off the resources.
fn made(source: &Source) -> Vec<(&'static str, bool)> {
    let graph = desired(&model(source), &facts(), &Snapshot::default()).unwrap();
    let all = |kind: &str| -> Vec<Value> {
        let nodes = graph.nodes().iter().filter(|node| node.key.to_string().starts_with(&format!("{kind}/")));
        nodes.map(|node| serde_json::to_value(&node.resource).unwrap()).collect()
    };
    let (cluster, templates) = (all("cluster").remove(0), all("launch-template"));
    let (vpc, access) = (&cluster["ResourcesVpcConfig"], &cluster["AccessConfig"]);
    let template = |path: &str, is: &dyn Fn(&Value) -> bool| {
        templates.iter().any(|it| is(it["LaunchTemplateData"].pointer(path).unwrap_or(&Value::Null)))
    };
    let logs = cluster["Logging"].to_string();
    let node_roles =
        all("role").into_iter().filter(|role| role["RoleName"].to_string().contains("-nodegroup-"));
    let public = |group: &Value| {
        let subnets = group["Subnets"].to_string();
        subnets.contains("subnet/public-")
            || subnets.contains("SubnetPublic")
            || subnets.contains("subnet-0153e497c7a41b3d1")
    };
    let kept = all("log-group").iter().any(|it| it["RetentionInDays"].is_u64());
    vec![
        ("log-retention", logs != "[]" && !kept),
        ("support-policy", cluster["UpgradePolicy"]["SupportType"] != "STANDARD"),
        ("deletion-protection", cluster["DeletionProtection"] != true),
        ("authentication-mode", access["AuthenticationMode"] != "API"),
        ("creator-admin", access["BootstrapClusterCreatorAdminPermissions"] == true),
        ("private-endpoint", vpc["EndpointPrivateAccess"] != true),
        ("public-endpoint", vpc["PublicAccessCidrs"] == json!(["0.0.0.0/0"])),
        ("secrets-encryption", cluster["EncryptionConfig"].is_null()),
        (
            "control-plane-logs",
            ["api", "audit", "authenticator"].iter().any(|log| !logs.contains(&format!("\"{log}\""))),
        ),
        (
            "cni-permissions",
            node_roles
                .into_iter()
                .any(|role| role["ManagedPolicyArns"].to_string().contains("AmazonEKS_CNI_Policy")),
        ),
        ("imds-v1", template("/MetadataOptions/HttpTokens", &|it| it != "required")),
        ("imds-hop-limit", template("/MetadataOptions/HttpPutResponseHopLimit", &|it| it != 1)),
        ("volume-encryption", template("/BlockDeviceMappings/0/Ebs/Encrypted", &|it| it != true)),
        ("volume-type", template("/BlockDeviceMappings/0/Ebs/VolumeType", &|it| it != "gp3")),
        ("private-nodes", all("nodegroup").iter().any(public)),
    ]
}

#[test]
fn what_departs_is_what_is_made() {
    let files = files();
    assert!(files.len() > 20);
    for source in files {
        let departures = read(&source).departures;
        for (check, departs) in made(&source) {
            let said = departures.iter().any(|it| it.check.name == check);
            assert_eq!(said, departs, "{check} of {}:\n{}", source.name, source.text);
        }
    }
}

/// But for the smallest, which shows what is said of one.
#[test]
fn examples_depart_for_a_reason() {
    for (name, source) in examples() {
        let open = read(&source).departures.into_iter().filter(|it| it.waiver.is_none()).count();
        assert_eq!(open, if name == "01-default" { 12 } else { 0 }, "{name}");
    }
}
