//! Text that leaves the program, from `templates/`.

use crate::resource::{Json, Val};

/// Lets EKS act as the control plane's role.
const CLUSTER: &str = include_str!("../../templates/iam/cluster-trust.json");
/// Lets instances act as their node group's role.
const NODEGROUP: &str = include_str!("../../templates/iam/nodegroup-trust.json");

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
