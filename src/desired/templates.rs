//! Text that leaves the program, from `templates/`.

use super::identities::Issued;
use crate::resource::eks::Issuer;
use crate::resource::iam::OidcProviderArn;
use crate::resource::{Json, Part, Val};

/// Lets EKS act as the control plane's role.
const CLUSTER: &str = include_str!("../../templates/iam/cluster-trust.json");
/// Lets instances act as their node group's role.
const NODEGROUP: &str = include_str!("../../templates/iam/nodegroup-trust.json");

/// Lets EKS act as a pod's role, by the agent on its node.
const POD_IDENTITY: &str = include_str!("../../templates/iam/pod-identity-trust.json");
/// Lets service accounts act as a role.
const ACCOUNT: &str = include_str!("../../templates/iam/service-account-trust.json");
/// Lets service accounts whose names have a pattern act as a role.
const PATTERN: &str = include_str!("../../templates/iam/service-account-pattern-trust.json");

/// Who may take a role through the agent on a node.
pub(super) fn pod_identity_trust() -> Val<Json> {
    fill(POD_IDENTITY, &[])
}

/// Who may take a role through the cluster's OIDC provider.
pub(super) fn account_trust(issued: &Issued, subjects: &[String]) -> Val<Json> {
    let text = match subjects {
        [one] => serde_json::json!(one),
        several => serde_json::json!(several),
    };
    trust(issued, &ACCOUNT.replace("\"${Subject}\"", &text.to_string()))
}

/// The same, where names have a pattern.
pub(super) fn pattern_trust(issued: &Issued, pattern: &str) -> Val<Json> {
    trust(issued, &PATTERN.replace("${Subject}", pattern))
}

fn trust(issued: &Issued, template: &str) -> Val<Json> {
    let issuer = issued.cluster.part::<Issuer>();
    let provider = issued.provider.part::<OidcProviderArn>();
    fill(template, &[("${Issuer}", issuer), ("${Provider}", provider)])
}

/// A template with something put in at its gaps, which may be known only later.
pub(super) fn fill(template: &str, gaps: &[(&str, Part)]) -> Val<Json> {
    let mut parts = vec![Part::Literal(template.to_owned())];
    for (gap, value) in gaps {
        parts = parts.into_iter().flat_map(|part| cut(part, gap, value)).collect();
    }
    match &parts[..] {
        [Part::Literal(text)] => Val::Known(Json::from(text.clone())),
        _ => Val::Text(parts),
    }
}

fn cut(part: Part, gap: &str, value: &Part) -> Vec<Part> {
    let Part::Literal(text) = part else { return vec![part] };
    let mut parts = Vec::new();
    for piece in text.split(gap) {
        if !parts.is_empty() {
            parts.push(value.clone());
        }
        parts.push(Part::Literal(piece.to_owned()));
    }
    parts
}

/// Who may take the control plane's role.
pub(super) fn cluster_trust() -> Val<Json> {
    Val::Known(Json::from(CLUSTER.to_owned()))
}

/// Who may take a node group's role.
pub(super) fn nodegroup_trust(partition: &str) -> Val<Json> {
    Val::Known(Json::from(NODEGROUP.replace("${AWS::URLSuffix}", url_suffix(partition))))
}

/// What the names of EC2's service principals end in: EKS's is the same everywhere.
fn url_suffix(partition: &str) -> &'static str {
    match partition {
        "aws-cn" => "amazonaws.com.cn",
        "aws-iso" => "c2s.ic.gov",
        "aws-iso-b" => "sc2s.sgov.gov",
        _ => "amazonaws.com",
    }
}
