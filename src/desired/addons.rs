//! Add-ons: those that a cluster usually has, and those that the file names.

use super::addon_identity::{self, Identity, Means};
use super::components;
use super::draft::Draft;
use super::newer::{self, numbers};
use crate::cluster::AddonVersion;
use crate::config::POD_IDENTITY_AGENT as AGENT;
use crate::config::nearest;
use crate::config::{
    Addon as Written, AddonVersion as Version, Code, Component, Diagnostic, ResolveConflicts, Spanned,
};
use crate::config::{Choice, ClusterConfig};
use crate::resource::eks::{Addon, Cluster};
use crate::resource::{Added, Json, Key, Remark, Val};

/// What every cluster gets unless the file says otherwise.
pub(super) const USUAL: [&str; 4] = ["vpc-cni", "kube-proxy", "coredns", "metrics-server"];

/// Ready without nodes: they wait for nothing but a control plane.
const READY_WITHOUT_NODES: [&str; 2] = ["vpc-cni", "kube-proxy"];

/// AWS does not offer these in China and for governments.
const COMMERCIAL: [&str; 1] = ["metrics-server"];

/// How many versions a message names.
const SHOWN: usize = 3;

/// EKS's word for an add-on whose version is to be the newest.
const LATEST: &str = "latest";

/// Draws them: what the file names in its order, and then what is usual.
pub(super) fn draw(draft: &mut Draft<'_>, cluster: &Added<Cluster>, kubernetes: Option<&str>, means: &Means) {
    let config = draft.config;
    let usual: Vec<&str> = usual(draft).collect();
    for name in usual {
        one(draft, (cluster, means), kubernetes, name, None);
    }
    for addon in config.addons.iter() {
        one(draft, (cluster, means), kubernetes, &addon.name.0, Some(&addon.value));
    }
}

/// Those that are usual and that the file does not name.
fn usual<'a>(draft: &Draft<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    let (config, partition) = (draft.config, draft.facts.partition());
    let named = |name: &str| config.addons.iter().any(|addon| addon.name.0 == name);
    // By the partition and not by what is offered: that may be more tomorrow.
    let here = move |name: &&str| partition == "aws" || !COMMERCIAL.contains(name);
    usual_of(config).filter(here).filter(move |name| !named(name))
}

/// Those that a cluster has without being named: unless it wants none, those that are usual; and the agent that
/// gives components their roles.
pub(super) fn usual_of<'a>(config: &'a ClusterConfig) -> impl Iterator<Item = &'a str> + use<'a> {
    let usual = (!config.addons_config.disable_default_addons.value).then_some(USUAL);
    let agent = config.components.iter().any(|it| it.wants_agent()).then_some(AGENT);
    usual.into_iter().flatten().chain(agent)
}

/// The names of all of them.
pub(super) fn all<'a>(draft: &Draft<'a>) -> Vec<&'a str> {
    let named = draft.config.addons.iter().map(|addon| addon.name.0.as_str());
    named.chain(usual(draft)).collect()
}

fn one(
    draft: &mut Draft<'_>,
    (cluster, means): (&Added<Cluster>, &Means),
    kubernetes: Option<&str>,
    name: &str,
    written: Option<&Written>,
) {
    let identity = addon_identity::decide(draft, means, name, written);
    draft.cni_has_role |= name == "vpc-cni" && identity.is_any();
    // Of Kubernetes, what is lacking has been reported.
    let chosen = kubernetes.and_then(|kubernetes| version(draft, kubernetes, name, written));
    let Some((version, newest)) = chosen else { return };
    let settings = written.and_then(|it| it.configuration_values.as_ref()).and_then(|it| it.json());
    let settings = settings.or_else(|| components::addon_settings(draft.config, name));
    let addon = Addon {
        cluster_name: cluster.get(),
        addon_name: None,
        addon_version: Some(version),
        configuration_values: settings.map(|json| Val::Known(Json::from(json))),
        service_account_role_arn: identity.role.clone(),
        pod_identity_associations: identity.associations.clone(),
        namespace_config: None,
        resolve_conflicts: Some(conflicts(draft, name, written).to_owned()),
        awaited: (!draft.has_nodes && !READY_WITHOUT_NODES.contains(&name)).then_some(false),
        tags: written.map_or_else(|| draft.tagging().plain(), |it| draft.tagging().also(&it.tags.0)),
    };
    let addon = draft.graph.add(name, addon);
    let runs = draft.kept.addons.get(name).cloned();
    newer::remark(draft, addon.key(), runs.as_ref(), newest.as_deref());
    hint(draft, addon.key(), &identity);
    place(draft, addon.key(), written);
}

/// Says of an add-on that can do nothing by itself that it has no role. Nodes may have its policies; the CNI's
/// they have by themselves.
fn hint(draft: &mut Draft<'_>, key: &Key, identity: &Identity) {
    let groups = &draft.config.managed_node_groups;
    let by_nodes = groups.iter().any(|group| !group.iam.with_addon_policies.chosen().is_empty());
    if addon_identity::needs_one(&key.name) && key.name != "vpc-cni" && !identity.is_any() && !by_nodes {
        let has_provider = draft.config.iam.with_oidc.value;
        let by_provider = !has_provider && addon_identity::usual_policies(draft, &key.name).is_some();
        draft.graph.remark(key, Remark::NoRole { by_provider });
    }
}

fn place(draft: &mut Draft<'_>, key: &Key, written: Option<&Written>) {
    let mut components = draft.config.components.iter();
    let sets_up =
        |it: &&Spanned<Component>| it.name.word() == key.name && it.written_settings().next().is_some();
    let component = components.find(sets_up).and_then(|it| it.name.written_at());
    draft.places(key, &[("ConfigurationValues", component)]);
    let Some(written) = written else { return };
    let places = [
        ("", written.name.written_at()),
        ("AddonVersion", written.version.as_ref().and_then(|it| it.written_at())),
        ("ServiceAccountRoleArn", written.service_account_role_arn.as_ref().and_then(|it| it.written_at())),
        ("PodIdentityAssociations", written.pod_identity_associations.written_at()),
        ("ConfigurationValues", written.configuration_values.as_ref().and_then(|it| it.written_at())),
    ];
    draft.places(key, &places);
}

/// Installed over whatever is there, as eksctl does; afterwards, the file's word.
fn conflicts(draft: &Draft<'_>, name: &str, written: Option<&Written>) -> &'static str {
    let word = written.map_or(ResolveConflicts::None, |it| it.resolve_conflicts.value);
    match word {
        _ if !draft.kept.installed.contains(name) => "OVERWRITE",
        ResolveConflicts::None => "NONE",
        ResolveConflicts::Overwrite => "OVERWRITE",
        ResolveConflicts::Preserve => "PRESERVE",
    }
}

/// The version, and where the file leaves it open also the one that a new cluster would get.
fn version(
    draft: &mut Draft<'_>,
    kubernetes: &str,
    name: &str,
    written: Option<&Written>,
) -> Option<(String, Option<String>)> {
    let offered: Vec<AddonVersion> = draft.facts.addon_versions(name, kubernetes).cloned().collect();
    let kept = draft.kept.addons.get(name).cloned();
    if offered.is_empty() && kept.is_none() {
        not_offered(draft, kubernetes, name, written);
        return None;
    }
    let said = written.and_then(|it| it.version.as_ref());
    if let Some(exact) = said.filter(|it| it.0 != LATEST) {
        // One that runs goes on, whether or not it can still be installed.
        let is_exact = kept.as_ref() == Some(&exact.0) || offered.iter().any(|it| it.version == exact.0);
        if is_exact {
            return Some((exact.0.clone(), None));
        }
        let newest = offered.iter().map(|it| &it.version).find(|version| begins(version, &exact.0)).cloned();
        if let Some(chosen) = kept.filter(|runs| begins(runs, &exact.0)).or_else(|| newest.clone()) {
            return Some((chosen, newest));
        }
        draft.refuse(no_such_version((name, kubernetes), exact, &offered));
        return Some((exact.0.clone(), None));
    }
    let is_default = |it: &&AddonVersion| said.is_none() && it.kubernetes.get(kubernetes) == Some(&true);
    let usual = offered.iter().find(is_default).or(offered.first()).map(|it| it.version.clone());
    Some((kept.or_else(|| usual.clone())?, usual))
}

fn not_offered(draft: &mut Draft<'_>, kubernetes: &str, name: &str, written: Option<&Written>) {
    let at = written.map_or(draft.config.addons.place(), |it| it.name.span);
    let exists = draft.facts.addons.get(name).is_some_and(|versions| !versions.is_empty());
    let diagnostic = match exists {
        true => {
            let message = format!("no version of `{name}` works with Kubernetes {kubernetes}");
            Diagnostic::new(Code::NoSuchAddonVersion, at, message)
        }
        false => Diagnostic::new(Code::NoSuchAddon, at, format!("EKS has no add-on `{name}`")),
    };
    draft.refuse(match nearest(name, USUAL.into_iter()).filter(|_| written.is_some() && !exists) {
        Some(meant) => diagnostic.label(format!("did you mean `{meant}`?")),
        None => diagnostic.label("not offered by EKS in this region"),
    });
}

/// Whether a version begins as the file says, up to the end of a number: `v1.20` is the beginning of
/// `v1.20.4-eksbuild.1`. eksctl takes what has it somewhere.
fn begins(version: &str, said: &str) -> bool {
    let [version, said] = [version, said].map(|it| it.trim_start_matches('v'));
    let rest = version.strip_prefix(said).filter(|_| said.contains('.'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
}

fn no_such_version(
    (name, kubernetes): (&str, &str),
    exact: &Spanned<Version>,
    offered: &[AddonVersion],
) -> Diagnostic {
    let message = format!("`{name}` has no version `{}` for Kubernetes {kubernetes}", **exact);
    let missing = Diagnostic::new(Code::NoSuchAddonVersion, exact.span, message);
    let meant = numbers(&exact.0);
    let begins = |it: &&AddonVersion| !meant.is_empty() && numbers(&it.version).starts_with(&meant);
    match offered.iter().find(begins) {
        Some(it) => missing.label(format!("write `{}`", it.version)).fix(exact.span, it.version.clone()),
        None => {
            let newest: Vec<&str> = offered.iter().take(SHOWN).map(|it| it.version.as_str()).collect();
            missing.label(format!("the newest are {}", newest.join(", ")))
        }
    }
}
