//! What is said of components: what they are, what a file could have, and which roles are left out.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::json::answer;
use crate::config::{ComponentText, Installable};

/// What a component is, at length.
pub fn explain(component: &ComponentText) -> String {
    let version = |(version, from, to): &(&str, u32, Option<u32>)| match to {
        None => format!("    {version:<22} 1.{from} and later"),
        Some(to) if to == from => format!("    {version:<22} 1.{from}"),
        Some(to) => format!("    {version:<22} 1.{from} to 1.{to}"),
    };
    let mut lines = vec![format!("{}\n\n{}", component.name, component.text.trim_end())];
    lines.push(format!("\nIt takes {}.", component.takes.join(", ")));
    if !component.versions.is_empty() {
        lines.push(
            "\nVersions that are known here, and the versions of Kubernetes that they are for:\n".to_owned(),
        );
        lines.extend(component.versions.iter().map(version));
    }
    lines.join("\n")
}

/// The same for programs.
pub fn explanation(component: &ComponentText) -> Value {
    let versions = component.versions.iter().map(|(version, from, to)| {
        json!({ "version": version, "from": format!("1.{from}"), "to": to.map(|to| format!("1.{to}")) })
    });
    let versions: Vec<Value> = versions.collect();
    let rest = json!({
        "component": component.name, "text": component.text, "takes": component.takes, "versions": versions,
    });
    answer("Explanation", rest)
}

/// What a file gives permissions for, and what to write to have that installed, too: one line, if there is any.
pub fn installable(found: &Installable) -> Option<String> {
    let list = |names: &BTreeSet<&str>| {
        names.iter().map(|name| format!("{{name: {name}}}")).collect::<Vec<_>>().join(", ")
    };
    let components = (!found.components.is_empty()).then(|| {
        format!(
            "components: [{}] under apiVersion: eksact.dev/v1alpha1, where each brings its own role",
            list(&found.components)
        )
    });
    let addons = (!found.addons.is_empty()).then(|| format!("addons: [{}]", list(&found.addons)));
    let names: Vec<&str> = found.components.iter().chain(&found.addons).copied().collect();
    let ways: Vec<String> = components.into_iter().chain(addons).collect();
    (!found.is_empty()).then(|| {
        let them = if names.len() == 1 { "it" } else { "them" };
        let ways = ways.join("; and ");
        format!(
            "hint: permissions for {} are given; to have {them} installed, too, write {ways}",
            names.join(", ")
        )
    })
}

/// What components call AWS and have been given no role there, and how to give them one. `file` is how the file
/// is named on a command line.
pub fn without_role(names: &[&str], (cluster, region): (&str, &str), file: &str) -> String {
    let one = |name: &&str| {
        format!(
            "  {name}: the service account kube-system/{name} needs a role in AWS with the policy that this prints:\n\
             \x20     eksact bootstrap{file} --policy {name}\n\
             \x20   by EKS's agent, a role that pods.eks.amazonaws.com may take (sts:AssumeRole, sts:TagSession):\n\
             \x20     aws eks create-pod-identity-association --cluster-name {cluster} --region {region} \
             --namespace kube-system --service-account {name} --role-arn ARN\n\
             \x20   by an OIDC provider, a role that system:serviceaccount:kube-system:{name} may take:\n\
             \x20     kubectl -n kube-system annotate serviceaccount {name} eks.amazonaws.com/role-arn=ARN"
        )
    };
    let head = "hint: AWS is left out here, and so are roles; without theirs these can do nothing there:";
    [head.to_owned()].into_iter().chain(names.iter().map(one)).collect::<Vec<_>>().join("\n")
}
