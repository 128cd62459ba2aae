//! Who may do what in AWS: decisions, and who may take a role.

use eksact::graph::Graph;
use eksact::plan::plan;
use eksact::resource::{Any, Key, Remark, Type};
use eksact::world::{Found, Snapshot};
use serde_json::{Value, json};

use super::desk::{facts, graph, living};
use crate::fields::tell;

fn fresh(yaml: &str) -> Graph {
    graph(yaml, &facts(), &Snapshot::default())
}

fn resource<'a>(graph: &'a Graph, key: &str) -> &'a Any {
    let key: Key = key.parse().unwrap();
    &graph.node(&key).unwrap_or_else(|| panic!("no {key}: {:#?}", keys(graph))).resource
}

fn keys(graph: &Graph) -> Vec<String> {
    graph.nodes().iter().map(|node| node.key.to_string()).collect()
}

fn property(graph: &Graph, key: &str, name: &str) -> Value {
    serde_json::to_value(resource(graph, key)).unwrap()[name].clone()
}

/// As in a template, with what is known later as `<key attribute>`.
fn text(value: &Value) -> String {
    let part = |part: &Value| match part["Fn::GetAtt"].as_array() {
        Some(at) => format!("<{} {}>", at[0].as_str().unwrap(), at[1].as_str().unwrap()),
        None => part.as_str().unwrap().to_owned(),
    };
    match value["Fn::Join"].as_array() {
        Some(join) => join[1].as_array().unwrap().iter().map(part).collect(),
        None => part(value),
    }
}

fn trust(graph: &Graph, role: &str) -> Value {
    serde_json::from_str(&text(&property(graph, role, "AssumeRolePolicyDocument"))).unwrap()
}

const SERVICE_ACCOUNTS: &str = "
iam:
  withOIDC: true
  serviceAccounts:
    - metadata: {name: api, namespace: web, labels: {a: b}, annotations: {c: d}}
      wellKnownPolicies: {externalDNS: true, ebsCSIController: true}
      attachPolicyARNs: ['arn:aws:iam::aws:policy/One']
    - {metadata: {name: jobs, namespace: web}, subjectPattern: job-*, roleOnly: true, wellKnownPolicies: {certManager: true}}
    - {metadata: {name: given}, attachRoleARN: 'arn:aws:iam::999999999999:role/elsewhere'}
";

#[test]
fn a_service_account_takes_its_role_by_the_clusters_word() {
    let graph = fresh(SERVICE_ACCOUNTS);
    let provider = property(&graph, "oidc-provider/main", "Url");
    assert_eq!(provider, json!({ "Fn::GetAtt": ["cluster/demo", "OpenIdConnectIssuerUrl"] }));
    let statement = &trust(&graph, "role/serviceaccount-web.api")["Statement"][0];
    assert_eq!(statement["Principal"]["Federated"], "<oidc-provider/main Arn>");
    assert_eq!(statement["Action"], "sts:AssumeRoleWithWebIdentity");
    let issuer = "<cluster/demo OpenIdConnectIssuer>";
    let equals = json!({
        format!("{issuer}:aud"): "sts.amazonaws.com",
        format!("{issuer}:sub"): "system:serviceaccount:web:api",
    });
    assert_eq!(statement["Condition"], json!({ "StringEquals": equals }));
    let condition = &trust(&graph, "role/serviceaccount-web.jobs")["Statement"][0]["Condition"];
    assert_eq!(condition["StringLike"][format!("{issuer}:sub")], "system:serviceaccount:web:job-*");
    assert_eq!(condition["StringEquals"][format!("{issuer}:aud")], "sts.amazonaws.com");
    let policies = property(&graph, "role/serviceaccount-web.api", "ManagedPolicyArns");
    let driver = "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy";
    assert_eq!(policies, json!(["arn:aws:iam::aws:policy/One", driver]));
    assert_eq!(property(&graph, "role/serviceaccount-web.api", "Path"), "/eksact/us-west-2/demo/");
}

#[test]
fn a_service_account_is_made_with_its_role_in_its_namespace() {
    let graph = fresh(SERVICE_ACCOUNTS);
    let object = |name: &str| {
        let key = format!("object/service-accounts/ServiceAccount/{name}");
        serde_json::to_value(resource(&graph, &key)).unwrap()["Manifest"].clone()
    };
    let Any::Object(api) = resource(&graph, "object/service-accounts/ServiceAccount/web.api") else {
        panic!("an object")
    };
    let metadata = &api.manifest.value()["metadata"];
    let role = "${role/serviceaccount-web.api.Arn}";
    assert_eq!(metadata["annotations"], json!({ "c": "d", "eks.amazonaws.com/role-arn": role }));
    assert_eq!(metadata["labels"], json!({ "a": "b", "app.kubernetes.io/managed-by": "eksact" }));
    let _ = object("default.given");
    let all = keys(&graph);
    assert!(!all.contains(&"object/service-accounts/ServiceAccount/web.jobs".to_owned()), "its role alone");
    let namespaces: Vec<&String> = all.iter().filter(|key| key.starts_with("namespace/")).collect();
    assert_eq!(namespaces, ["namespace/service-accounts/Namespace/web"], "`default` is there");
}

/// What else stands in a namespace is somebody's: it stays when the service account goes, and one that
/// somebody else has made is used as it is.
#[test]
fn a_namespace_outlives_its_service_accounts_and_may_be_somebody_elses() {
    let mut snapshot = living(&fresh(SERVICE_ACCOUNTS));
    let without = graph("iam: {withOIDC: true}\n", &facts(), &snapshot);
    let gone: Vec<String> = tell(&plan(&without, &snapshot));
    assert!(gone.iter().all(|line| !line.contains("namespace/")), "{gone:#?}");
    let namespace: Key = "namespace/service-accounts/Namespace/web".parse().unwrap();
    let theirs = Found::Foreign("Namespace web, managed by kubectl".to_owned());
    snapshot.found.insert(namespace.clone(), vec![theirs]);
    let again = graph(SERVICE_ACCOUNTS, &facts(), &snapshot);
    assert!(again.node(&namespace).is_none());
    assert_eq!(plan(&again, &snapshot).refused, []);
}

#[test]
fn a_service_account_that_an_add_on_makes_gives_its_role_to_that() {
    let account = "{metadata: {name: aws-node, namespace: kube-system}, \
                   attachPolicyARNs: ['arn:aws:iam::aws:policy/One']}";
    let graph = fresh(&format!("iam: {{withOIDC: true, serviceAccounts: [{account}]}}\n"));
    let role = property(&graph, "addon/vpc-cni", "ServiceAccountRoleArn");
    assert_eq!(text(&role), "<role/serviceaccount-kube-system.aws-node Arn>");
    assert!(keys(&graph).iter().all(|key| !key.starts_with("object/") && key != "role/addon-vpc-cni"));
}

#[test]
fn an_association_gives_its_role_by_the_agent() {
    let graph = fresh(
        "
addons: [{name: eks-pod-identity-agent}]
iam:
  podIdentityAssociations:
    - {namespace: web, serviceAccountName: a.b, createServiceAccount: true, wellKnownPolicies: {autoScaler: true}}
    - {namespace: web, serviceAccountName: c, roleARN: 'arn:aws:iam::123456789012:role/pods', disableSessionTags: true}
",
    );
    let statement = &trust(&graph, "role/podidentity-web.a.b")["Statement"][0];
    assert_eq!(statement["Principal"], json!({ "Service": "pods.eks.amazonaws.com" }));
    assert_eq!(statement["Action"], json!(["sts:AssumeRole", "sts:TagSession"]));
    let role = |name: &str| text(&property(&graph, &format!("pod-identity-association/{name}"), "RoleArn"));
    assert_eq!(role("web.a.b"), "<role/podidentity-web.a.b Arn>");
    assert_eq!(role("web.c"), "arn:aws:iam::123456789012:role/pods");
    resource(&graph, "object/service-accounts/ServiceAccount/web.a.b");
    let policy = property(&graph, "role/podidentity-web.a.b", "Policies")["autoScaler"].clone();
    assert!(text(&policy).contains("aws:ResourceTag/k8s.io/cluster-autoscaler/demo"), "{policy}");
}

/// By what the EBS CSI driver comes by its role.
fn way(yaml: &str) -> String {
    let graph = fresh(yaml);
    let role = property(&graph, "addon/aws-ebs-csi-driver", "ServiceAccountRoleArn");
    let agent = property(&graph, "addon/aws-ebs-csi-driver", "PodIdentityAssociations");
    let by_agent = agent.as_object().unwrap().iter().map(|(name, role)| format!("{name} {}", text(role)));
    let by_provider = (!role.is_null()).then(|| text(&role));
    by_agent.chain(by_provider).collect::<Vec<_>>().join(", ")
}

#[test]
fn an_add_on_comes_by_its_role_in_the_first_way_that_there_is() {
    let file = |head: &str, of_addon: &str| {
        format!(
            "{head}\naddons: [{{name: eks-pod-identity-agent}}, {{name: aws-ebs-csi-driver{of_addon}}}]\n"
        )
    };
    let all = "iam: {withOIDC: true}\naddonsConfig: {autoApplyPodIdentityAssociations: true}";
    let own = ", podIdentityAssociations: [{namespace: kube-system, serviceAccountName: x, \
               permissionPolicyARNs: ['arn:aws:iam::aws:policy/One']}]";
    assert_eq!(way(&file(all, own)), "x <role/addon-aws-ebs-csi-driver.x Arn>");
    let given = ", serviceAccountRoleARN: 'arn:aws:iam::123456789012:role/pods'";
    assert_eq!(way(&file(all, given)), "arn:aws:iam::123456789012:role/pods");
    let policies = ", wellKnownPolicies: {ebsCSIController: true}";
    assert_eq!(way(&file(all, policies)), "<role/addon-aws-ebs-csi-driver Arn>");
    let recommended = "ebs-csi-controller-sa <role/addon-aws-ebs-csi-driver.ebs-csi-controller-sa Arn>";
    assert_eq!(way(&file(all, "")), recommended);
    assert_eq!(way(&file("", ", useDefaultPodIdentityAssociations: true")), recommended);
    assert_eq!(way(&file("iam: {withOIDC: true}", "")), "<role/addon-aws-ebs-csi-driver Arn>");
    assert_eq!(way(&file("", "")), "");
}

#[test]
fn an_add_on_without_a_role_is_spoken_of_unless_its_nodes_have_one() {
    let hints = |group: &str| {
        let yaml =
            format!("addons: [{{name: aws-ebs-csi-driver}}]\nmanagedNodeGroups: [{{name: a{group}}}]\n");
        fresh(&yaml).remarks().len()
    };
    assert_eq!((hints(""), hints(", iam: {withAddonPolicies: {ebs: true}}")), (1, 0));
}

/// The provider gives a role to those alone whose policies are known, and is not asked for where it is there.
#[test]
fn an_add_on_without_a_role_is_told_by_what_it_would_get_one() {
    let by_provider = |oidc: bool, name: &str| {
        let graph = fresh(&format!("iam: {{withOIDC: {oidc}}}\naddons: [{{name: {name}}}]\n"));
        let no_role = |remark: &Remark| match remark {
            Remark::NoRole { by_provider } => Some(*by_provider),
            _ => None,
        };
        graph.remarks().iter().find_map(|(_, remark)| no_role(remark))
    };
    assert_eq!(by_provider(false, "aws-ebs-csi-driver"), Some(true));
    assert_eq!(by_provider(true, "aws-ebs-csi-driver"), None, "it has one");
    for oidc in [false, true] {
        assert_eq!(by_provider(oidc, "aws-fsx-csi-driver"), Some(false));
    }
}

#[test]
fn only_its_own_service_accounts_take_an_add_ons_role() {
    let graph = fresh(
        "iam: {withOIDC: true}\naddons: [{name: adot, attachPolicyARNs: ['arn:aws:iam::aws:policy/One']}, \
         {name: aws-efs-csi-driver}]\n",
    );
    let subjects = |role: &str| {
        let trust = trust(&graph, role)["Statement"][0]["Condition"]["StringEquals"].clone();
        trust["<cluster/demo OpenIdConnectIssuer>:sub"].clone()
    };
    assert_eq!(subjects("role/addon-vpc-cni"), "system:serviceaccount:kube-system:aws-node");
    let efs = ["efs-csi-controller-sa", "efs-csi-node-sa"];
    assert_eq!(
        subjects("role/addon-aws-efs-csi-driver"),
        json!(efs.map(|name| format!("system:serviceaccount:kube-system:{name}")))
    );
    assert_eq!(subjects("role/addon-adot"), "system:serviceaccount:kube-system:adot-collector", "AWS tells");
}

#[test]
fn nodes_have_the_cnis_policy_only_where_it_has_no_role() {
    let has = |head: &str| {
        let graph = fresh(&format!("{head}\nmanagedNodeGroups: [{{name: a}}]\n"));
        property(&graph, "role/nodegroup-a", "ManagedPolicyArns").to_string().contains("AmazonEKS_CNI_Policy")
    };
    assert!(has("") && !has("iam: {withOIDC: true}"));
}

/// Pods get addresses all the time: the one who asks for them has the right to before the other loses it.
#[test]
fn the_right_to_ask_for_addresses_is_handed_over() {
    let (with, without) = ("iam: {withOIDC: true}\n", "");
    let group = "managedNodeGroups: [{name: a}]\n";
    let waits = |from: &str, to: &str| {
        let lives = living(&fresh(&format!("{from}{group}")));
        let graph = graph(&format!("{to}{group}"), &facts(), &lives);
        let plan = plan(&graph, &lives);
        let changes = plan.changes().unwrap();
        let at = |key: &str| changes.iter().position(|it| it.key.to_string() == key).unwrap();
        let needs = |key: &str, of: &str| changes[at(key)].needs.iter().any(|need| need.change == at(of));
        let (role, addon) = ("role/nodegroup-a", "addon/vpc-cni");
        (needs(role, addon), needs(addon, role))
    };
    assert_eq!(waits(without, with), (true, false));
    assert_eq!(waits(with, without), (false, true));
    let new = fresh(&format!("{with}{group}"));
    let plan = plan(&new, &Snapshot::default());
    let role = plan.changes().unwrap().iter().find(|it| it.key.to_string() == "role/nodegroup-a").unwrap();
    assert_eq!(role.needs, [], "a new one waits for nothing");
}

#[test]
fn what_aws_recommends_is_kept_as_it_was_when_the_role_was_made() {
    let yaml =
        "addons: [{name: eks-pod-identity-agent}, {name: adot, useDefaultPodIdentityAssociations: true}]\n";
    let lives = living(&fresh(yaml));
    let mut later = facts();
    later.addon_identities.get_mut("adot").unwrap()[0].policies =
        vec!["arn:aws:iam::aws:policy/New".to_owned()];
    assert_eq!(tell(&plan(&graph(yaml, &later, &lives), &lives)), [""; 0]);
    let written = "addons: [{name: eks-pod-identity-agent}, {name: adot, podIdentityAssociations: [{namespace: \
                   kube-system, serviceAccountName: adot-collector, permissionPolicyARNs: \
                   ['arn:aws:iam::aws:policy/One']}]}]\n";
    let role = "role/addon-adot.adot-collector";
    let change = format!("Update {role}: ManagedPolicyArns Tags.eksact.dev/policies");
    assert_eq!(tell(&plan(&graph(written, &facts(), &lives), &lives)), [change]);
}

#[test]
fn what_is_made_for_workloads_lives_without_changes() {
    let yaml = format!(
        "{SERVICE_ACCOUNTS}  podIdentityAssociations: [{{namespace: web, serviceAccountName: b, \
         wellKnownPolicies: {{awsLoadBalancerController: true}}, tags: {{team: web}}}}]\naddons: [{{name: \
         eks-pod-identity-agent}}, {{name: aws-ebs-csi-driver}}]\n"
    );
    let lives = living(&fresh(&yaml));
    let again = graph(&yaml, &facts(), &lives);
    assert_eq!(tell(&plan(&again, &lives)), [""; 0]);
    let kinds = [Type::OidcProvider, Type::PodIdentityAssociation, Type::Namespace, Type::Object];
    assert!(kinds.iter().all(|kind| again.nodes().iter().any(|node| node.key.kind == *kind)));
}

/// A node group can be made alone while roles of pods are not there yet; its own role is made with it.
#[test]
fn nodes_need_not_wait_for_what_pods_may_do_later() {
    let lives = living(&fresh("managedNodeGroups: [{name: a}]\n"));
    let both = format!("{SERVICE_ACCOUNTS}managedNodeGroups: [{{name: a}}, {{name: b}}, {{name: c}}]\n");
    let plan = plan(&graph(&both, &facts(), &lives), &lives);
    let own = ["nodegroup/b", "launch-template/b", "role/nodegroup-b"].map(|key| key.parse::<Key>().unwrap());
    let part = plan.part(&own.into()).unwrap();
    assert_eq!(part.changes().unwrap().len(), 3);
    let changes = plan.changes().unwrap();
    let group = changes.iter().find(|it| it.key.to_string() == "nodegroup/b").unwrap();
    let needs: Vec<String> = group.needs.iter().map(|need| changes[need.change].key.to_string()).collect();
    assert!(
        needs.contains(&"role/serviceaccount-web.api".to_owned()),
        "together they come in order: {needs:?}"
    );
    assert!(!needs.contains(&"role/nodegroup-c".to_owned()), "another group's role is its own: {needs:?}");
}
