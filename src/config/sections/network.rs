//! Addresses inside the cluster.

use crate::config::declare::{choice, section};
use crate::config::value::Cidr;

section! {
    /// Addresses of services, and the family of all addresses.
    pub struct KubernetesNetworkConfig {
        /// Family of the addresses of pods and services.
        "ipFamily"        ip_family:         IpFamily = IPv4,
        /// Addresses of services. Chosen by EKS if left open; cannot change later.
        "serviceIPv4CIDR" service_ipv4_cidr: Cidr<12, 24> = _,
    }
    not yet { "serviceIPv6CIDR" }
}

choice! {
    /// A family of addresses.
    pub enum IpFamily {
        "IPv4" V4,
    }
    not yet { "IPv6" }
}
