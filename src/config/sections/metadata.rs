//! Name and place.

use crate::config::declare::{section, text};
use crate::config::sections::later::cluster::ROLLBACK_CONFIG;
use crate::config::sections::tag_rules;
use crate::config::value::{Form, Map, Part};

section! {
    /// What the cluster is called, and where it runs.
    pub struct Metadata {
        /// Name of the cluster, unique in its account and region.
        "name"        name:        ClusterName,
        /// AWS region.
        "region"      region:      Region,
        /// The only AWS account that this file may be used in.
        "accountID"   account_id:  AccountId = _,
        /// Kubernetes version. AWS's default at the first run if left open, then kept.
        "version"     version:     KubernetesVersion = _,
        /// Put on every AWS resource of the cluster.
        "tags"        tags:        Map<String>,
        /// Free text for tools of your own.
        "annotations" annotations: Map<String>,
    }
    not yet { "forceUpdateVersion" = false "rollbackConfig": ROLLBACK_CONFIG }
    rules { tag_rules::of_all }
}

text! {
    /// EKS's rule for cluster names.
    pub struct ClusterName = Form {
        what: "a cluster name", says: "a letter, then letters, digits and `-`; 100 at most",
        parts: &[Part::Of("a-zA-Z", 1, 1), Part::Of("a-zA-Z0-9-", 0, 99)],
    };
    /// Such as `eu-central-1`. Which regions exist is AWS's to say.
    pub struct Region = Form {
        what: "an AWS region", says: "such as `eu-central-1`",
        parts: &[Part::Of("a-z", 2, 4), Part::Is("-"), Part::Of("a-z-", 4, 20), Part::Of("0-9", 1, 2)],
    };
    /// Such as `"123456789012"`.
    pub struct AccountId = Form {
        what: "an AWS account's id", says: "12 digits in quotes, such as `\"123456789012\"`",
        parts: &[Part::Of("0-9", 12, 12)],
    };
    /// Major and minor. The patch level is EKS's.
    pub struct KubernetesVersion = Form {
        what: "a Kubernetes version", says: "major and minor, such as `\"1.34\"`",
        parts: &[Part::Is("1."), Part::Of("1-9", 1, 1), Part::Of("0-9", 0, 1)],
    };
}
