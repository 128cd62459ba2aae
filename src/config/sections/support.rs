//! How long a version of Kubernetes is supported, and what keeps a cluster from being deleted.

use crate::config::declare::{choice, section};

section! {
    /// What becomes of a Kubernetes version whose standard support ends.
    pub struct UpgradePolicy {
        /// Whether EKS then upgrades the cluster, or supports the version longer, at six times the price.
        "supportType" support_type: SupportType = { eksctl: EXTENDED, eksact: STANDARD },
    }
}

choice! {
    /// How long a version is supported.
    pub enum SupportType {
        /// Until its standard support ends: EKS upgrades the cluster then.
        "STANDARD" Standard,
        /// For twelve months more.
        "EXTENDED" Extended,
    }
}
