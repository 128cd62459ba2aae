//! Objects in the cluster, as its API server keeps them.
//!
//! An object is a resource like any other, marked as ours by annotations with the same names as AWS's tags.
//! It is compared field by field with what lives: of that, what others have added is theirs, as the server's
//! own list of who has applied which field says.

use super::operation::operations;
use super::{Manner, Type};

mod address;
mod body;
mod certificate;
mod exposed;
mod immutable;
mod kind;
mod manifest;
mod stages;

pub use address::Address;
pub use body::Body;
pub use certificate::{CaBundle, Certificate, Fingerprint, State};
pub use exposed::Exposed;
pub use kind::Kind;
pub use manifest::Manifest;
pub use stages::{
    Custom, Definition, Inventory, MANAGED_BY, MANAGER, Namespace, Object, Sent, Webhook, Workload,
};

operations! { "kubernetes" as Kubernetes
    /// Server-side apply of what is not there.
    Create { object: Sent } = Manner::new(Creates);
    /// Server-side apply of what is there, and ours.
    Apply { object: Sent } = Manner::new(Updates);
    Delete { address: Address, uid: String } = Manner::new(Deletes).gone_in(2);
    /// A Secret with a key that is made when it is sent, and known to nobody here.
    IssueCertificate { certificate: Certificate } = Manner::new(Creates);
    RenewCertificate { certificate: Certificate } = Manner::new(Updates).alters(&["Fingerprint", "CaBundle"]);
}

impl Operation {
    /// What an operation does depends on when its object is there for others.
    pub(super) fn in_stage(&self, manner: Manner) -> Manner {
        match self {
            Operation::Create { object } | Operation::Apply { object } if object.awaited => {
                match object.address.kind.name {
                    "CustomResourceDefinition" => manner.ready_in(1),
                    "Deployment" | "DaemonSet" => manner.ready_in(30),
                    "MutatingWebhookConfiguration" | "ValidatingWebhookConfiguration" | "APIService" => {
                        manner.ready_in(3)
                    }
                    _ => manner,
                }
            }
            // Its controller first takes down what it holds in AWS.
            Operation::Delete { address, .. } if address.kind.stage == Type::Exposed => manner.gone_in(60),
            _ => manner,
        }
    }
}
