//! Kubernetes: the kubeconfig among other people's entries, tokens, and clusters seen from inside.

mod kubeconfig;
mod objects;
mod token;
