//! Addresses inside the cluster.

use ipnet::Ipv4Net;

use crate::config::declare::{choice, section};
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::place::Known;
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
    rules { private_services }
}

choice! {
    /// A family of addresses.
    pub enum IpFamily {
        "IPv4" V4,
    }
    not yet { "IPv6" }
}

/// The ranges that nobody has on the internet.
const PRIVATE: [&str; 3] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

fn private_services(network: &KubernetesNetworkConfig) -> Option<Diagnostic> {
    let services = network.service_ipv4_cidr.known()?;
    let private = PRIVATE.iter().filter_map(|range| range.parse::<Ipv4Net>().ok());
    let outside = private.into_iter().all(|range| !range.contains(&services.0));
    let message = format!("serviceIPv4CIDR {} is not a private range", **services);
    let label = format!("must lie in one of {}", PRIVATE.join(", "));
    outside.then(|| Diagnostic::new(Code::NotPrivate, services.span, message).label(label))
}
