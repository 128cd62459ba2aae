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

/// A context, as far as it matters here.
pub(super) struct Leading {
    pub name: String,
    pub user: String,
}

impl Entry {
    /// The names that it has, or takes; or the one that others hold.
    pub(super) fn names(&self, draft: &Draft) -> Result<Names, String> {
        if let Some(cluster) = cluster_of(draft, &self.arn) {
            let context = contexts_of(draft, &cluster).into_iter().find(|it| it.user == cluster);
            let is_new_context = context.is_none();
            let context = context.map_or_else(|| cluster.clone(), |it| it.name);
            return Ok(Names { cluster, context, is_new_context });
        }
        let account = self.arn.split(':').nth(4).unwrap_or_default();
        let plain = format!("{}.{}", self.cluster, self.region);
        let long = format!("{plain}.{account}");
        let held =
            |name: &String| ["clusters", "users", "contexts"].iter().any(|it| draft.get(it, name).is_some());
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
pub(super) fn is_used(draft: &Draft, user: &str) -> bool {
    draft.items("contexts").any(|it| it.pointer("/context/user").and_then(Value::as_str) == Some(user))
}
