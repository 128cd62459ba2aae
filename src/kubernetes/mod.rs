//! Kubernetes, by kube-rs: the API server of one cluster, its nodes, and the kubeconfig that leads there.
//! The only module that names `kube` and `k8s_openapi`.

mod autoscaler;
mod certificate;
mod client;
mod connect;
mod error;
mod exposed;
mod kubeconfig;
mod nodes;
mod objects;
mod owned;
mod pods;
mod proxy;
mod send;
mod status;
mod users;
mod volumes;

pub use client::{Endpoint, Kubernetes, NoTokens, Tokens};
pub use error::KubernetesError;
pub use kubeconfig::{
    Authenticator, Edited, Entry, Files, KubeconfigError, Removed, Special, Written, remove,
};
pub use nodes::{Node, Trouble};
pub use objects::Objects;
pub use pods::Pods;
