//! What an entry says.

use serde_json::{Value, json};

use super::text::Draft;
use crate::kubernetes::Endpoint;

/// The extension by which an entry is known to be ours, and for which cluster.
const MARK: &str = "eksact.dev/cluster";

/// Who makes tokens for kubectl.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authenticator {
    /// This program: by its name where that is found, else by its path.
    Eksact(String),
    /// The AWS CLI.
    Aws,
}

/// A cluster, as a kubeconfig tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The cluster's name.
    pub cluster: String,
    /// Its region.
    pub region: String,
    /// Its ARN.
    pub arn: String,
    /// Its API server.
    pub endpoint: Endpoint,
    /// Who makes tokens for it.
    pub authenticator: Authenticator,
    /// The profile of AWS's files that tokens are made with, where one was named.
    pub profile: Option<String>,
}

/// What an entry is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Names {
    /// The cluster and the user.
    pub cluster: String,
    /// The context.
    pub context: String,
    /// Whether the context is yet to be made.
    pub is_new_context: bool,
}

impl Names {
    /// Those that a cluster has which stands in the files.
    pub fn of(drafts: &[Draft], cluster: String) -> Self {
        let contexts = drafts.iter().flat_map(|draft| contexts_of(draft, &cluster));
        let leads = |name: &str| {
            let seen = seen(drafts, "contexts", name).and_then(|it| it.pointer("/context/cluster"));
            seen.and_then(Value::as_str) == Some(&cluster)
        };
        let context = contexts.into_iter().find(|it| it.user == cluster && leads(&it.name));
        let is_new_context = context.is_none();
        let context = context.map_or_else(|| cluster.clone(), |it| it.name);
        Self { cluster, context, is_new_context }
    }
}

/// A context, as far as it matters here.
pub(super) struct Leading {
    pub name: String,
    pub user: String,
}

impl Entry {
    /// The names that it takes where it has none yet; or the one that others hold. What any of the files has is held:
    /// kubectl would see the first of two.
    pub(super) fn new_names(&self, drafts: &[Draft]) -> Result<Names, String> {
        let account = self.arn.split(':').nth(4).unwrap_or_default();
        let plain = format!("{}.{}", self.cluster, self.region);
        let long = format!("{plain}.{account}");
        let held = |name: &String| {
            ["clusters", "users", "contexts"].iter().any(|list| seen(drafts, list, name).is_some())
        };
        match [plain, long.clone()].into_iter().find(|name| !held(name)) {
            Some(name) => Ok(Names { cluster: name.clone(), context: name, is_new_context: true }),
            None => Err(long),
        }
    }

    /// The cluster under this name, and which context was the current one before its own.
    pub(super) fn cluster(&self, name: &str, before: Option<&str>) -> Value {
        let mut mark = json!({ "arn": self.arn });
        if let Some(before) = before {
            mark["before"] = before.into();
        }
        json!({ "name": name, "cluster": {
            "certificate-authority-data": self.endpoint.certificate_authority,
            "server": self.endpoint.address,
            "extensions": [{ "name": MARK, "extension": mark }],
        }})
    }

    pub(super) fn context(names: &Names) -> Value {
        json!({ "name": names.context, "context": { "cluster": names.cluster, "user": names.cluster } })
    }

    pub(super) fn user(&self, name: &str) -> Value {
        let (command, mut arguments) = match &self.authenticator {
            Authenticator::Eksact(program) => (program.as_str(), vec!["token", "--cluster", &self.cluster]),
            Authenticator::Aws => {
                ("aws", vec!["eks", "get-token", "--output", "json", "--cluster-name", &self.cluster])
            }
        };
        arguments.extend(["--region", &self.region]);
        let mut exec = json!({
            "apiVersion": "client.authentication.k8s.io/v1beta1",
            "command": command,
            "args": arguments,
            "interactiveMode": "IfAvailable",
            "provideClusterInfo": false,
        });
        let mut environment = Vec::new();
        if self.authenticator == Authenticator::Aws {
            environment.push(json!({ "name": "AWS_STS_REGIONAL_ENDPOINTS", "value": "regional" }));
        }
        if let Some(profile) = &self.profile {
            environment.push(json!({ "name": "AWS_PROFILE", "value": profile }));
        }
        if !environment.is_empty() {
            exec["env"] = environment.into();
        }
        json!({ "name": name, "user": { "exec": exec } })
    }
}

/// What kubectl sees under a name: of what the files have, the first.
pub(super) fn seen<'a>(drafts: &'a [Draft], list: &str, name: &str) -> Option<&'a Value> {
    drafts.iter().find_map(|draft| draft.get(list, name))
}

/// The context that kubectl takes: of those that the files say, the first.
pub(super) fn current(drafts: &[Draft]) -> Option<&str> {
    drafts.iter().find_map(Draft::current)
}

/// Which of the files has the cluster of this ARN, and under which name, where no file before hides it.
pub(super) fn standing(drafts: &[Draft], arn: &str) -> Option<(usize, String)> {
    drafts.iter().enumerate().find_map(|(at, draft)| {
        let name = cluster_of(draft, arn)?;
        let hidden = ["clusters", "users"].iter().any(|list| seen(&drafts[..at], list, &name).is_some());
        (!hidden).then_some((at, name))
    })
}

/// The name of the cluster that has this ARN.
pub(super) fn cluster_of(draft: &Draft, arn: &str) -> Option<String> {
    let marked = |item: &&Value| mark(item).and_then(|it| it["arn"].as_str()) == Some(arn);
    draft.items("clusters").find(marked)?["name"].as_str().map(str::to_owned)
}

/// The context that was the current one before this cluster's was made so.
pub(super) fn before(draft: &Draft, cluster: &str) -> Option<String> {
    mark(draft.get("clusters", cluster)?)?["before"].as_str().map(str::to_owned)
}

fn mark(item: &Value) -> Option<&Value> {
    let extensions = item.pointer("/cluster/extensions").and_then(Value::as_array)?;
    extensions.iter().find(|it| it["name"] == MARK).map(|it| &it["extension"])
}

/// The contexts that lead to a cluster.
pub(super) fn contexts_of(draft: &Draft, cluster: &str) -> Vec<Leading> {
    let text = |item: &Value, at: &str| item.pointer(at).and_then(Value::as_str).map(str::to_owned);
    let contexts =
        draft.items("contexts").filter(|it| text(it, "/context/cluster").as_deref() == Some(cluster));
    let leading = contexts.filter_map(|it| {
        Some(Leading { name: text(it, "/name")?, user: text(it, "/context/user").unwrap_or_default() })
    });
    leading.collect()
}

/// Whether a context still names a user.
pub(super) fn is_used(drafts: &[Draft], user: &str) -> bool {
    let mut contexts = drafts.iter().flat_map(|draft| draft.items("contexts"));
    contexts.any(|it| it.pointer("/context/user").and_then(Value::as_str) == Some(user))
}
