//! Where files depart from the secure defaults, what is to be written there, and what waivers do.

use eksact::config::{CHECKS, Check, Departure, Outcome};
use eksact::view::diagnostics::{place, render};

use super::cases::{read, source};

/// Nothing in it departs, under either apiVersion.
pub const SAFE: &str = "\
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig   # eksact:allow deletion-protection: a lab
metadata:
  name: demo
  region: us-west-2
vpc:
  clusterEndpoints:
    privateAccess: true
  publicAccessCIDRs: [203.0.113.0/24]
accessConfig:
  authenticationMode: API
  bootstrapClusterCreatorAdminPermissions: false
secretsEncryption:
  keyARN: arn:aws:kms:us-west-2:123456789012:key/7c0a59a2-1f4a-4f4e-9d5b-2f8d3a1b6c7d
cloudWatch:
  clusterLogging:
    enableTypes: [api, audit, authenticator]
    logRetentionInDays: 90
addons:
  - name: eks-pod-identity-agent
  - name: vpc-cni
    useDefaultPodIdentityAssociations: true
managedNodeGroups:
  - name: one
    privateNetworking: true
    volumeEncrypted: true
    disablePodIMDS: true
  - name: two
    disablePodIMDS: true
    volumeEncrypted: true
    privateNetworking: true
upgradePolicy:
  supportType: STANDARD
";

/// The same file in our own language.
fn ours(text: &str) -> String {
    text.replace("eksctl.io/v1alpha5", "eksact.dev/v1alpha1")
}

pub fn good(text: &str) -> Outcome {
    let outcome = read(text);
    assert!(outcome.cluster.is_some(), "{}\n{text}", render(&source(text), &outcome.diagnostics));
    outcome
}

/// The safe file without its node groups.
fn without_groups() -> String {
    let (before, rest) = SAFE.split_at(SAFE.find("managedNodeGroups").unwrap_or_default());
    format!("{before}{}", &rest[rest.find("upgradePolicy").unwrap_or_default()..])
}

/// A line for each that is not allowed.
fn open(text: &str) -> Vec<String> {
    let outcome = good(text);
    let open = outcome.departures.iter().filter(|it| it.waiver.is_none());
    open.map(|it| line(text, it)).collect()
}

fn line(text: &str, it: &Departure) -> String {
    let at = place(&source(text), it.at).replace("cluster.yaml:", "");
    let group = it.nodegroup.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
    format!("{at} {}{group}", it.check.name)
}

/// An edit of the safe file, and what then departs under either apiVersion.
struct Row(&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

const ROWS: &[Row] = &[
    Row("", "", &[], &[]),
    // Each field, left to its default and written otherwise.
    Row("  authenticationMode: API\n", "", &["10:1 authentication-mode"], &[]),
    Row(": API\n", ": API_AND_CONFIG_MAP\n", &["11:23 authentication-mode"], &["11:23 authentication-mode"]),
    Row(
        "  bootstrapClusterCreatorAdminPermissions: false\n",
        "",
        &["10:1 creator-admin"],
        &["10:1 creator-admin"],
    ),
    Row(
        "  authenticationMode: API\n  bootstrapClusterCreatorAdminPermissions: false\n",
        "  authenticationMode: CONFIG_MAP\n",
        &["10:1 creator-admin", "11:23 authentication-mode"],
        &["10:1 creator-admin", "11:23 authentication-mode"],
    ),
    Row("Permissions: false", "Permissions: true", &["12:44 creator-admin"], &["12:44 creator-admin"]),
    Row("  clusterEndpoints:\n    privateAccess: true\n", "", &["6:1 private-endpoint"], &[]),
    Row("    privateAccess: true\n", "    publicAccess: true\n", &["7:3 private-endpoint"], &[]),
    Row(
        "privateAccess: true",
        "privateAccess: false",
        &["8:20 private-endpoint"],
        &["8:20 private-endpoint"],
    ),
    Row("  publicAccessCIDRs: [203.0.113.0/24]\n", "", &["6:1 public-endpoint"], &["6:1 public-endpoint"]),
    Row("203.0.113.0/24", "203.0.113.0/24, 0.0.0.0/0", &["9:22 public-endpoint"], &["9:22 public-endpoint"]),
    Row("203.0.113.0/24", "0.0.0.0/1, 128.0.0.0/1", &["9:22 public-endpoint"], &["9:22 public-endpoint"]),
    Row("203.0.113.0/24", "0.0.0.0/1, 203.0.113.0/24", &[], &[]),
    Row("  publicAccessCIDRs: [203.0.113.0/24]\n", "    publicAccess: false\n", &[], &[]),
    Row(
        "secretsEncryption:\n  keyARN: arn:aws:kms:us-west-2:123456789012:key/7c0a59a2-1f4a-4f4e-9d5b-2f8d3a1b6c7d\n",
        "",
        &["1:1 secrets-encryption"],
        &["1:1 secrets-encryption"],
    ),
    Row(
        "cloudWatch:\n  clusterLogging:\n    enableTypes: [api, audit, authenticator]\n    logRetentionInDays: 90\n",
        "",
        &["1:1 control-plane-logs"],
        &["1:1 log-retention"],
    ),
    Row(
        "[api, audit, authenticator]",
        "[api, scheduler, audit]",
        &["17:18 control-plane-logs"],
        &["17:18 control-plane-logs"],
    ),
    Row(
        "[api, audit, authenticator]\n    logRetentionInDays: 90",
        "[]",
        &["17:18 control-plane-logs"],
        &["17:18 control-plane-logs"],
    ),
    Row("    logRetentionInDays: 90\n", "", &["16:3 log-retention"], &["16:3 log-retention"]),
    Row("[api, audit, authenticator]", "['*']", &[], &[]),
    Row(
        "  region: us-west-2\n",
        "  region: us-west-2\n  version: '1.33'\n",
        &["6:12 kubernetes-version"],
        &["6:12 kubernetes-version"],
    ),
    Row("  region: us-west-2\n", "  region: us-west-2\n  version: '1.34'\n", &[], &[]),
    Row("upgradePolicy:\n  supportType: STANDARD\n", "", &["1:1 support-policy"], &[]),
    Row(": STANDARD", ": EXTENDED", &["33:16 support-policy"], &["33:16 support-policy"]),
    // Nodes: one for each group.
    Row("    privateNetworking: true\n", "", &["24:5 private-nodes one", "27:5 private-nodes two"], &[]),
    Row(
        "Networking: true\n    volumeE",
        "Networking: false\n    volumeE",
        &["25:24 private-nodes one"],
        &["25:24 private-nodes one"],
    ),
    Row("    volumeEncrypted: true\n    disable", "    disable", &["24:5 volume-encryption one"], &[]),
    Row(
        "Encrypted: true\n    private",
        "Encrypted: false\n    private",
        &["30:22 volume-encryption two"],
        &["30:22 volume-encryption two"],
    ),
    Row("    disablePodIMDS: true\n    volume", "    volume", &["28:5 imds-hop-limit two"], &[]),
    Row(
        "PodIMDS: true\n    volume",
        "PodIMDS: false\n    volume",
        &["29:21 imds-hop-limit two"],
        &["29:21 imds-hop-limit two"],
    ),
    Row(
        "  - name: two\n",
        "  - name: two\n    disableIMDSv1: false\n",
        &["29:20 imds-v1 two"],
        &["29:20 imds-v1 two"],
    ),
    Row(
        "  - name: two\n",
        "  - name: two\n    volumeType: gp2\n",
        &["29:17 volume-type two"],
        &["29:17 volume-type two"],
    ),
    // What nodes and workloads may do.
    Row(
        "    useDefaultPodIdentityAssociations: true\n",
        "",
        &["21:5 cni-permissions"],
        &["21:5 cni-permissions"],
    ),
    Row(
        "  - name: vpc-cni\n    useDefaultPodIdentityAssociations: true\n",
        "",
        &["19:1 cni-permissions"],
        &["19:1 cni-permissions"],
    ),
    Row(
        "  - name: two\n",
        "  - name: two\n    iam:\n      attachPolicyARNs:\n        - arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly\n        - arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy\n",
        &["31:11 ecr-pull-only two", "32:11 cni-permissions two"],
        &["31:11 ecr-pull-only two", "32:11 cni-permissions two"],
    ),
];

#[test]
fn each_departure_is_found_where_it_is() {
    for Row(from, to, eksctls, own) in ROWS {
        assert!(SAFE.contains(from), "{from}");
        let text = SAFE.replace(from, to);
        assert_eq!(open(&text), *eksctls, "{text}");
        assert_eq!(open(&ours(&text)), *own, "{}", ours(&text));
    }
}

#[test]
fn policies_for_pods_on_nodes_depart_where_pods_reach_them() {
    let iam = |policies: &str| {
        SAFE.replace("    disablePodIMDS: true\n  - name: two", &format!("    disablePodIMDS: false  # eksact:allow imds-hop-limit: so it is\n    iam: {{withAddonPolicies: {{{policies}}}}}\n  - name: two"))
    };
    let one = "28:11 workload-permissions one";
    let text = iam("ebs: true, externalDNS: true");
    assert_eq!(open(&text), [one]);
    assert_eq!(open(&ours(&text)), [one]);
    assert_eq!(open(&iam("ebs: false")), [""; 0]);
    assert_eq!(open(&iam("imageBuilder: true")), ["28:45 ecr-pull-only one"]);
}

/// Whatever gives the add-on its role.
#[test]
fn the_cni_has_a_role_of_its_own_by_any_means() {
    let means = [
        (
            "    useDefaultPodIdentityAssociations: true\n",
            "    serviceAccountRoleARN: arn:aws:iam::123456789012:role/cni\n",
        ),
        (
            "    useDefaultPodIdentityAssociations: true\n",
            "    podIdentityAssociations: [{namespace: kube-system, serviceAccountName: aws-node, roleARN: 'arn:aws:iam::123456789012:role/cni'}]\n",
        ),
        ("    useDefaultPodIdentityAssociations: true\n", "iam: {withOIDC: true}\n"),
        (
            "    useDefaultPodIdentityAssociations: true\n",
            "addonsConfig: {autoApplyPodIdentityAssociations: true}\n",
        ),
        (
            "    useDefaultPodIdentityAssociations: true\n",
            "iam: {withOIDC: true, serviceAccounts: [{metadata: {name: aws-node, namespace: kube-system}, attachRoleARN: 'arn:aws:iam::123456789012:role/cni'}]}\n",
        ),
    ];
    for (from, to) in means {
        let text = SAFE.replace(from, to);
        assert_eq!(open(&text), [""; 0], "{text}");
    }
    let without_nodes = without_groups().replace(means[0].0, "");
    assert_eq!(open(&without_nodes), [""; 0], "there is no role of nodes");
    let given = SAFE.replace(means[0].0, "").replace(
        "    privateN",
        "    iam: {instanceRoleARN: 'arn:aws:iam::123456789012:role/nodes'}\n    privateN",
    );
    assert_eq!(open(&given), [""; 0], "what a given role may do is not the file's");
}

#[test]
fn nodes_stand_where_their_subnets_are() {
    let given = |groups: &str| {
        let vpc = "vpc:\n  subnets:\n    private:\n      in: {id: subnet-0b2512f8, az: us-west-2a}\n    public:\n      out: {id: subnet-08cb9a2e, az: us-west-2b}\n";
        let safe = without_groups().replace("vpc:\n", vpc);
        open(&format!(
            "{safe}managedNodeGroups:\n  - {{name: one, volumeEncrypted: true, disablePodIMDS: true, {groups}}}\n"
        ))
    };
    let departs = |groups: &str| given(groups).iter().any(|line| line.contains("private-nodes"));
    assert!(!departs("subnets: [in]") && !departs("subnets: [subnet-0b2512f8], privateNetworking: false"));
    assert!(departs("subnets: [in, out]") && departs("subnets: [subnet-08cb9a2e], privateNetworking: true"));
    assert!(departs("subnets: [subnet-0123abcd]"), "of one that is not described, the group says");
    assert!(!departs("subnets: [subnet-0123abcd], privateNetworking: true"));
    assert_eq!(given("subnets: [in, out]"), ["31:76 private-nodes one"]);
}

/// Writes what is to be written, as a person would.
fn healed(text: &str, it: &Departure) -> String {
    // What one language has no word for is said in the other.
    let text = &if it.write.contains("in apiVersion eksact.dev") { ours(text) } else { text.to_owned() };
    let (start, end) = (it.at.start as usize, it.at.end as usize);
    let (here, top) = it.write.split_once("# and at the top").unwrap_or((&it.write, ""));
    let top: String = top.split_once('\n').map_or("", |(_, lines)| lines).to_owned();
    let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let next = text[start..].find('\n').map_or(text.len(), |at| start + at + 1);
    let column = start - line;
    let indented =
        |by: usize| here.lines().map(|line| format!("{}{line}\n", " ".repeat(by))).collect::<String>();
    let edited = match it.is_absent {
        true if start == end => format!("{text}{}", indented(0)),
        // Under a key, or in an item of a list.
        true if text[..next].trim_end().ends_with(':') => {
            format!("{}{}{}", &text[..next], indented(column + 2), &text[next..])
        }
        true => format!("{}{}{}", &text[..next], indented(column), &text[next..]),
        false => {
            let indent = text[line..].len() - text[line..].trim_start().len();
            format!("{}{}{}", &text[..line], indented(indent), &text[next..])
        }
    };
    if top.is_empty() { edited } else { format!("{edited}{top}\n") }
}

/// From a file to one that departs nowhere, by nothing but what is said.
fn heal(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..40 {
        let departures = good(&text).departures;
        let Some(first) = departures.first() else { return text };
        let edited = healed(&text, first);
        let still = good(&edited).departures;
        assert!(still.len() < departures.len(), "{} is still there:\n{edited}", line(&text, first));
        text = edited;
    }
    panic!("never safe:\n{text}");
}

#[test]
fn what_is_to_be_written_makes_a_file_safe() {
    let smallest =
        "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata:\n  name: demo\n  region: us-west-2\n";
    let groups = "managedNodeGroups:\n  - name: one\n  - name: two\n    volumeType: gp2\n    disableIMDSv1: false\n    privateNetworking: false\n";
    let text = format!("{smallest}  version: \"1.32\"\n{groups}");
    assert_eq!(good(&text).departures.len(), 18);
    heal(&text);
    heal(&ours(&text));
    heal(&ours(smallest));
    for Row(from, to, ..) in ROWS {
        let edited = SAFE.replace(from, to);
        // Items of a list are replaced by themselves; the map goes only together with what it lets in.
        if !to.contains("attachPolicyARNs") && !to.contains(": CONFIG_MAP") {
            heal(&edited);
            heal(&ours(&edited));
        }
    }
}

#[test]
fn policies_for_workloads_are_written_as_associations_that_are_read() {
    for policy in [
        "autoScaler",
        "externalDNS",
        "certManager",
        "appMesh",
        "appMeshPreview",
        "ebs",
        "fsx",
        "efs",
        "albIngress",
        "xRay",
        "cloudWatch",
    ] {
        let text = SAFE.split("addons:").next().unwrap();
        let text = format!(
            "{text}managedNodeGroups:\n  - name: one\n    privateNetworking: true\n    volumeEncrypted: true\n    disablePodIMDS: false\n    iam:\n      withAddonPolicies: {{{policy}: true}}\n"
        );
        let departure =
            good(&text).departures.into_iter().find(|it| it.check.name == "workload-permissions").unwrap();
        let healed = healed(&text, &departure).replace("    iam:\n      # nothing\n", "");
        assert!(good(&healed).departures.iter().all(|it| it.check != departure.check), "{healed}");
    }
}

#[test]
fn names_are_distinct_and_found() {
    for check in CHECKS {
        assert_eq!(Check::of(check.name).map(|it| it.name), Some(check.name));
        assert!(
            check.rules.iter().all(|rule| Check::of(&rule.to_lowercase()) == Some(check)),
            "{}",
            check.name
        );
        assert!(!check.because.ends_with('.') && check.about.ends_with('.'), "{}", check.name);
    }
}

#[test]
fn a_file_with_an_error_departs_from_nothing() {
    let outcome = read(
        &SAFE.replace("privateAccess: true", "privateAccess: maybe").replace(": API\n", ": CONFIG_MAP\n"),
    );
    assert!(outcome.cluster.is_none() && outcome.departures.is_empty());
}
