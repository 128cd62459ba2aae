//! Cluster files.

pub const DEFAULT: &str = "\
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata:
  name: demo
  region: us-west-2
managedNodeGroups:
  - name: ng1
";

/// Its own range and a NAT gateway in each zone, secrets encrypted, logs, two node groups, one with taints.
pub fn own_network(key: &str) -> String {
    include_str!("../../../examples/02-own-network.yaml")
        .replace("arn:aws:kms:us-west-2:123456789012:key/7c0a59a2-1f4a-4f4e-9d5b-2f8d3a1b6c7d", key)
}

/// Private nodes on spare capacity, one add-on more, two with settings.
pub const PRIVATE_SPOT: &str = include_str!("../../../examples/03-private-spot.yaml");

/// The secure defaults of the other apiVersion.
pub fn secure(account: &str, key: &str) -> String {
    include_str!("../../../examples/05-secure.yaml")
        .replace("arn:aws:kms:us-west-2:123456789012:key/7c0a59a2-1f4a-4f4e-9d5b-2f8d3a1b6c7d", key)
        .replace("123456789012", account)
}

/// The head of a file with this below it.
pub fn with(body: &str) -> String {
    format!(
        "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {{name: demo, region: us-west-2}}\n{body}\n"
    )
}
