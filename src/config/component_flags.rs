//! Components from flags: those of a new cluster, and one in the file of a cluster as it lives.

use serde_json::{Value as Json, json};

use super::component_versions::{is_for, releases};
use super::flags::{source, written};
use super::nodegroup_flags::Habitat;
use super::{ApiVersion, Choice, Choices, ClusterConfig, ComponentName, Source, read};

/// A component on a command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComponentFlags {
    /// Its name.
    pub name: String,
    /// `--version`.
    pub version: Option<String>,
    /// `--replicas`.
    pub replicas: Option<u32>,
    /// `--identity`.
    pub identity: Option<String>,
}

impl ComponentFlags {
    /// `NAME`, or `NAME@VERSION`.
    pub fn of(text: &str) -> Self {
        let (name, version) = text.split_once('@').map_or((text, None), |(name, rest)| (name, Some(rest)));
        Self { name: name.to_owned(), version: version.map(str::to_owned), ..Self::default() }
    }

    /// The component, as it would stand in a file.
    pub fn component(&self) -> Json {
        written([
            ("name", Some(json!(self.name))),
            ("version", self.version.as_ref().map(|it| json!(it))),
            ("replicas", self.replicas.map(|it| json!(it))),
            ("identity", self.identity.as_ref().map(|it| json!(it))),
        ])
    }

    /// The file of a cluster that lives, with this in it.
    pub fn source(&self, habitat: &Habitat) -> Source {
        let more = [
            ("iam", habitat.has_provider.then(|| json!({ "withOIDC": true }))),
            ("components", Some(json!([self.component()]))),
        ];
        habitat.with(ApiVersion::Eksact, more)
    }
}

/// The same cluster with components: they are not of eksctl's language, and so every default of that is written
/// out in ours. Where the file has an error that is what there is to say.
pub(super) fn with_components(plain: Source, components: &[ComponentFlags]) -> Source {
    let Some(cluster) = read(&plain).cluster.filter(|_| !components.is_empty()) else { return plain };
    let Json::Object(mut file) = cluster.filled(&Choices::default()) else { return plain };
    let components = components.iter().map(ComponentFlags::component).collect();
    file.insert("apiVersion".to_owned(), json!(ApiVersion::Eksact.word()));
    file.insert("components".to_owned(), components);
    source(&Json::Object(file))
}

impl ClusterConfig {
    /// What every component is called that there is.
    pub fn all_components() -> impl Iterator<Item = &'static str> {
        ComponentName::words()
    }

    /// The names of the file's components, in its order.
    pub fn component_names(&self) -> impl Iterator<Item = &str> {
        self.components.iter().map(|component| component.name.word())
    }
}

/// The versions of a component that are known here and newer than one, for a minor version of Kubernetes; newest
/// first.
pub fn newer_component_versions(name: &str, version: &str, kubernetes: &str) -> Vec<&'static str> {
    let Some((_, name)) = ComponentName::WORDS.iter().find(|(word, _)| *word == name) else {
        return Vec::new();
    };
    let known = || releases(*name).iter().map(|(known, _)| *known);
    // Of one that is not known here, nobody knows what is newer.
    let newer = known().take_while(|known| *known != version).filter(|_| known().any(|it| it == version));
    newer.filter(|it| is_for(*name, it, kubernetes)).collect()
}
