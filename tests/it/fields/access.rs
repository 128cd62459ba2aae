//! Of those who are let in.

use super::*;

/// A file with somebody let in who has this.
fn ann(field: &str) -> String {
    entry("user/ann", field)
}

/// A file with a role let in that has this.
fn role(field: &str) -> String {
    entry("role/control-plane", field)
}

fn entry(who: &str, field: &str) -> String {
    let arn = format!("arn:aws:iam::123456789012:{who}");
    top(&format!("accessConfig: {{accessEntries: [{{principalARN: '{arn}'{field}}}]}}"))
}

/// A file with somebody let in who has the policy to see all of this.
fn view(scope: &str) -> String {
    let policy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
    ann(&format!(", accessPolicies: [{{policyARN: '{policy}', accessScope: {{{scope}}}}}]"))
}

const VIEW: Changes = &["Update access-entry/arn:aws:iam::123456789012:user/ann: \
     AccessPolicies.arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"];
const EDIT_AND_VIEW: Changes = &["Update access-entry/arn:aws:iam::123456789012:user/ann: \
     AccessPolicies.arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy \
     AccessPolicies.arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"];
const EDIT: Changes = &["Update access-entry/arn:aws:iam::123456789012:user/ann: \
     AccessPolicies.arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy"];
const GROUPS: Changes = &["Update access-entry/arn:aws:iam::123456789012:user/ann: KubernetesGroups"];
const NAME: Changes = &["Update access-entry/arn:aws:iam::123456789012:role/control-plane: Username"];
const TYPE: Changes = &["Remake access-entry/arn:aws:iam::123456789012:role/control-plane: Type"];

pub const ROWS: &[Row] = &[
    Row(
        "accessConfig.bootstrapClusterCreatorAdminPermissions",
        top,
        [
            "",
            "accessConfig: {bootstrapClusterCreatorAdminPermissions: true}",
            "accessConfig: {bootstrapClusterCreatorAdminPermissions: false}",
        ],
        [NOTHING; 3],
    ),
    Row(
        "accessConfig.accessEntries",
        top,
        [
            "",
            "accessConfig: {accessEntries: [{principalARN: 'arn:aws:iam::123456789012:user/ann'}]}",
            "accessConfig: {accessEntries: [{principalARN: 'arn:aws:iam::123456789012:user/bob'}]}",
        ],
        [
            &["New access-entry/arn:aws:iam::123456789012:user/ann"],
            &[
                "Delete access-entry/arn:aws:iam::123456789012:user/ann",
                "New access-entry/arn:aws:iam::123456789012:user/bob",
            ],
            &["Delete access-entry/arn:aws:iam::123456789012:user/bob"],
        ],
    ),
    Row(
        "accessConfig.accessEntries.type",
        role,
        ["", ", type: STANDARD", ", type: EC2_LINUX"],
        [NOTHING, TYPE, TYPE],
    ),
    Row(
        "accessConfig.accessEntries.kubernetesGroups",
        ann,
        ["", ", kubernetesGroups: [web, api]", ", kubernetesGroups: [web]"],
        [GROUPS, GROUPS, GROUPS],
    ),
    Row(
        "accessConfig.accessEntries.kubernetesUsername",
        role,
        ["", ", kubernetesUsername: control", ", kubernetesUsername: 'control:{{SessionName}}'"],
        [NAME, NAME, NAME],
    ),
    Row(
        "accessConfig.accessEntries.accessPolicies",
        ann,
        [
            "",
            ", accessPolicies: [{policyARN: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy', \
             accessScope: {type: cluster}}]",
            ", accessPolicies: [{policyARN: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy', \
             accessScope: {type: cluster}}]",
        ],
        [VIEW, EDIT_AND_VIEW, EDIT],
    ),
    Row(
        "accessConfig.accessEntries.accessPolicies.accessScope",
        view,
        ["type: cluster", "type: namespace, namespaces: [web]", "type: namespace, namespaces: [web, api-*]"],
        [VIEW, VIEW, VIEW],
    ),
];
