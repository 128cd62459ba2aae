//! What must hold of components.

use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::place::{Known, Span, Spanned};
use crate::config::sections::addons::Addon;
use crate::config::sections::cluster::{ApiVersion, ClusterConfig};
use crate::config::sections::cluster_rules::twice;
use crate::config::sections::component_args;
use crate::config::sections::component_versions::releases;
use crate::config::sections::components::{
    Argument, COMPONENT_NAMESPACE as NAMESPACE, Component, ComponentName, ComponentVersion, Resources,
    Toleration, TolerationOperator,
};
use crate::config::sections::label_rules::well_formed;
use crate::config::sections::taints::Effect;
use crate::config::suggest::nearest;
use crate::config::value::Choice;

/// eksctl would not know what to do with them.
pub fn only_in_our_language(cluster: &ClusterConfig) -> Vec<Diagnostic> {
    if cluster.api_version.value != ApiVersion::Eksctl {
        return Vec::new();
    }
    let components = &cluster.components;
    let components = (components.is_written() && !components.is_empty()).then_some(components.key);
    let protection = cluster.deletion_protection.as_ref().map(|it| it.key);
    let ours = [("components", components), ("deletionProtection", protection)];
    let say = |(field, key)| {
        let message = format!("`{field}` is eksact's own, and this file is in eksctl's language");
        Diagnostic::new(Code::OurLanguage, key, message)
            .label("not of eksctl.io/v1alpha5")
            .and(cluster.api_version.place(), "write `eksact.dev/v1alpha1`")
    };
    ours.into_iter().filter_map(|(field, key)| Some((field, key?))).map(say).collect()
}

pub fn distinct_components(cluster: &ClusterConfig) -> Vec<Diagnostic> {
    let names = cluster.components.iter().filter_map(|component| component.name.known());
    twice("components are called", names.map(|name| (name.word().to_owned(), name.span)))
}

/// What a component that is a program may take, in the order in which it is told.
const OF_PROGRAMS: [&str; 13] = [
    "version",
    "identity",
    "replicas",
    "autoscaling",
    "resources",
    "tolerations",
    "nodeSelector",
    "podDisruptionBudget",
    "topologySpread",
    "imageRegistry",
    "logLevel",
    "extraArgs",
    "ingressClass",
];

/// Those of them that EKS's add-on of CoreDNS takes, and no other component.
const OF_COREDNS: [&str; 3] = ["autoscaling", "podDisruptionBudget", "topologySpread"];

/// Each component's own settings.
pub fn takes(name: ComponentName) -> Vec<&'static str> {
    let without: &[&str] = match name {
        ComponentName::LoadBalancerController => &[],
        ComponentName::ClusterAutoscaler => &["ingressClass"],
        ComponentName::Coredns => &["identity", "logLevel", "ingressClass"],
        ComponentName::MetricsServer => &["identity", "ingressClass"],
        ComponentName::Storage => return vec!["storageClass"],
    };
    let others = |key: &&str| name != ComponentName::Coredns && OF_COREDNS.contains(key);
    OF_PROGRAMS.into_iter().filter(|key| !without.contains(key) && !others(key)).collect()
}

pub fn settings_of_its_own(component: &Component) -> Vec<Diagnostic> {
    let Some(name) = component.name.known() else { return Vec::new() };
    let takes = takes(name.value);
    let others = component.written_settings().filter(|(key, _)| !takes.contains(key));
    let say = |(key, place)| {
        let message = format!("`{}` does not take `{key}`", name.word());
        let names: Vec<String> = takes.iter().map(|key| format!("`{key}`")).collect();
        let said = Diagnostic::new(Code::NotOfComponent, place, message).label("remove it");
        said.help(format!("it takes {}", names.join(", ")))
    };
    others.map(say).collect()
}

pub fn versions_that_are_known(component: &Component) -> Option<Diagnostic> {
    let (name, version) = (component.name.known()?, component.version.known()?);
    let known = || releases(name.value).iter().map(|(version, _)| *version);
    let missing = known().next().is_some() && !known().any(|known| known == version.0);
    missing.then(|| no_such_version(name.value, version))
}

fn no_such_version(name: ComponentName, version: &Spanned<ComponentVersion>) -> Diagnostic {
    let known = || releases(name).iter().map(|(version, _)| *version);
    let message = format!("`{}` has no version `{}` that is known here", name.word(), version.0);
    let said = Diagnostic::new(Code::NoSuchComponentVersion, version.span, message);
    let said = said.help(format!("known are {}", known().collect::<Vec<_>>().join(", ")));
    let as_meant = format!("v{}", version.0.trim_start_matches('v'));
    match known().find(|known| *known == as_meant).or_else(|| nearest(&version.0, known())) {
        Some(meant) => said.label(format!("did you mean `{meant}`?")).fix(version.span, meant),
        None => said.label("not known"),
    }
}

pub fn arguments_of_its_own(component: &Component) -> Vec<Diagnostic> {
    let Some(name) = component.name.known() else { return Vec::new() };
    let wrong = |argument: &Spanned<Argument>| {
        let instead = component_args::instead(name.value, &argument.0)?;
        let flag = argument.0.split('=').next().unwrap_or_default();
        let message = format!("`{flag}` of `{}` is set already", name.word());
        Some(Diagnostic::new(Code::OwnArgument, argument.span, message).label(instead))
    };
    component.extra_args.iter().filter_map(|argument| wrong(argument.known()?)).collect()
}

pub fn well_formed_selector(component: &Component) -> Vec<Diagnostic> {
    well_formed("nodeSelector", &component.node_selector)
}

pub fn requests_within_limits(resources: &Resources) -> Vec<Diagnostic> {
    let (Some(requests), Some(limits)) = (resources.requests.known(), resources.limits.known()) else {
        return Vec::new();
    };
    let say = |what: &str, (asked, place), (most, at)| {
        let message = format!("{what}: {asked} is asked for, and the limit is {most}");
        let said = Diagnostic::new(Code::RequestAboveLimit, place, message);
        said.label("must not be above the limit").and(at, "the limit is here")
    };
    let cpu = requests.cpu.known().zip(limits.cpu.known());
    let cpu = cpu.filter(|(asked, most)| asked.thousandths() > most.thousandths());
    let cpu = cpu.map(|(asked, most)| say("cpu", (asked.text(), asked.span), (most.text(), most.span)));
    let memory = requests.memory.known().zip(limits.memory.known());
    let memory = memory.filter(|(asked, most)| asked.bytes() > most.bytes());
    let memory =
        memory.map(|(asked, most)| say("memory", (asked.text(), asked.span), (most.text(), most.span)));
    cpu.into_iter().chain(memory).collect()
}

/// What an API server takes.
pub fn tolerations_that_are_taken(toleration: &Toleration) -> Vec<Diagnostic> {
    let exists = toleration.operator.value == TolerationOperator::Exists;
    let value = toleration.value.known().filter(|value| exists && !value.is_empty()).map(|value| {
        Diagnostic::new(Code::Exclusive, value.place(), "a toleration of any value names one")
            .label("remove it, or the operator `Exists`")
            .and(toleration.operator.place(), "any value will do")
    });
    let any = (toleration.key.is_none() && !exists).then(|| {
        let message = "a toleration of any taint needs the operator `Exists`";
        let place = toleration.operator.place();
        Diagnostic::new(Code::NeedsOther, place, message).label("write `operator: Exists`, or name a `key`")
    });
    let no_execute = toleration.effect.known().is_some_and(|effect| effect.value == Effect::NoExecute);
    let seconds = toleration.toleration_seconds.known().filter(|_| !no_execute).map(|seconds| {
        let message = "tolerationSeconds counts from an eviction, and only `NoExecute` evicts";
        Diagnostic::new(Code::NeedsOther, seconds.place(), message).label("write `effect: NoExecute`")
    });
    value.into_iter().chain(any).chain(seconds).collect()
}

/// A component brings its service account along, and what gives that its role.
pub fn accounts_of_their_own(cluster: &ClusterConfig) -> Vec<Diagnostic> {
    let accounts = cluster.iam.service_accounts.iter().filter(|it| !it.role_only.value);
    let accounts = accounts.map(|it| (&it.metadata.namespace, &it.metadata.name, false));
    let associations = cluster.iam.pod_identity_associations.iter();
    let associations = associations.map(|it| (&it.namespace, &it.service_account_name, true));
    let mut found = Vec::new();
    for (namespace, name, is_association) in accounts.chain(associations) {
        let (Some(namespace), Some(name)) = (namespace.known(), name.known()) else { continue };
        let of_name = |it: &&Spanned<Component>| it.name.word() == name.0 && namespace.0 == NAMESPACE;
        let component = cluster.components.iter().find(of_name);
        let clashes = |it: &&Spanned<Component>| match is_association {
            true => it.wants_agent(),
            false => it.name.value != ComponentName::Storage && !cluster.has_addon(it.name.value),
        };
        found.extend(
            component.filter(clashes).map(|it| said_of_its_account(&it.name, name.span, is_association)),
        );
    }
    found
}

fn said_of_its_account(component: &Spanned<ComponentName>, at: Span, is_association: bool) -> Diagnostic {
    let word = component.word();
    let (brings, help) = match is_association {
        true => ("role", "or write `identity: none` there, to keep this one"),
        false => (
            "service account",
            "or write `roleOnly: true`, and `identity: none` there, to keep its role alone",
        ),
    };
    let message = format!("the component `{word}` brings the {brings} of {NAMESPACE}/{word} along");
    let said = Diagnostic::new(Code::Exclusive, at, message).label("remove this one");
    said.and(component.place(), "the component is here").help(help)
}

/// What EKS installs as an add-on has its version, image and arguments from there.
pub fn settings_of_add_ons(cluster: &ClusterConfig) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for component in cluster.components.iter().filter_map(Known::known) {
        let Some(name) = component.name.known().filter(|name| cluster.has_addon(name.value)) else {
            continue;
        };
        let word = name.word();
        let others = ["version", "imageRegistry", "logLevel", "extraArgs"];
        let others = component.written_settings().filter(|(key, _)| others.contains(key));
        found.extend(others.map(|(key, place)| {
            let message = format!("`{word}` is an add-on of EKS here, which has no `{key}` of ours");
            Diagnostic::new(Code::NotOfComponent, place, message).label("remove it").help(format!(
                "write what the add-on takes under `addons`; without the add-on `{word}` is installed here \
                 as a manifest that takes it"
            ))
        }));
        found.extend(said_twice(cluster.addons.iter().filter_map(Known::known), component));
    }
    found
}

/// EKS counts the pods of its add-on, and of nothing else.
pub fn autoscaling_of_add_ons_alone(cluster: &ClusterConfig) -> Vec<Diagnostic> {
    let components = cluster.components.iter().filter_map(Known::known);
    let is_manifest =
        |it: &&Spanned<Component>| it.name.known().is_some_and(|it| !cluster.has_addon(it.value));
    components.filter(is_manifest).filter_map(|it| autoscaling_of_a_manifest(it)).collect()
}

/// What is said of it where a component is no add-on.
pub fn autoscaling_of_a_manifest(component: &Component) -> Option<Diagnostic> {
    let place = component.autoscaling.as_ref().filter(|it| it.is_written())?.key;
    // Others do not take it at all, and are told so.
    let name = component.name.known().filter(|name| takes(name.value).contains(&"autoscaling"))?.word();
    let message =
        format!("`autoscaling` is done by EKS's add-on, and `{name}` is installed as a manifest here");
    let said = Diagnostic::new(Code::NotOfComponent, place, message).label("write `replicas` instead");
    Some(said.help(format!("what scales `{name}` is a part of EKS, and looks after the add-on alone")))
}

/// Settings of one add-on in two places.
fn said_twice<'a>(
    mut addons: impl Iterator<Item = &'a Spanned<Addon>>,
    component: &Component,
) -> Option<Diagnostic> {
    let addon = addons.find(|addon| addon.name.0 == component.name.word())?;
    let values = addon.configuration_values.known()?;
    let (key, place) = component.written_settings().next()?;
    let message = format!("`{key}` and `configurationValues` both set up `{}`", addon.name.0);
    let said = Diagnostic::new(Code::Exclusive, place, message).label("write it in one of the two places");
    Some(said.and(values.key, "the other one"))
}
