//! What is said about components at length.

use super::sections::component_rules::takes;
use super::sections::component_versions::{LATEST, Release, releases};
use super::{Choice, ComponentName};

/// A component, as it is explained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComponentText {
    /// Its name.
    pub name: &'static str,
    /// What it is, and a file with it: Markdown.
    pub text: &'static str,
    /// The versions that are known here, newest first, with the minor versions of Kubernetes that each is for, both
    /// ends included; the upper one is left out where it is for all that come.
    pub versions: Vec<(&'static str, u32, Option<u32>)>,
    /// Its settings.
    pub takes: Vec<&'static str>,
}

impl ComponentText {
    /// That of a component, whatever the case.
    pub fn of(name: &str) -> Option<Self> {
        let is_it = |(word, _): &&(&str, ComponentName)| word.eq_ignore_ascii_case(name);
        let (name, component) = *ComponentName::WORDS.iter().find(is_it)?;
        let version =
            |(version, (from, to)): &Release| (*version, *from, Some(*to).filter(|to| *to != LATEST));
        let versions = releases(component).iter().map(version).collect();
        Some(Self { name, text: text(component), versions, takes: takes(component) })
    }
}

macro_rules! told {
    ($name:literal) => {
        include_str!(concat!("../../templates/explain/components/", $name, ".md"))
    };
}

fn text(name: ComponentName) -> &'static str {
    match name {
        ComponentName::LoadBalancerController => told!("aws-load-balancer-controller"),
        ComponentName::ClusterAutoscaler => told!("cluster-autoscaler"),
        ComponentName::Coredns => told!("coredns"),
        ComponentName::MetricsServer => told!("metrics-server"),
        ComponentName::Storage => told!("storage"),
    }
}
