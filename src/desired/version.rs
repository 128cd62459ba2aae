//! Which Kubernetes.

use super::draft::Draft;
use super::newer::numbers;
use crate::cluster::KubernetesVersion;
use crate::config::{Code, Diagnostic};

/// The version: the file's, else the one that runs, else AWS's default.
pub(super) fn choose(draft: &mut Draft<'_>) -> Option<String> {
    let (written, kept) = (&draft.config.metadata.version, draft.kept.version.clone());
    let Some(written) = written else {
        let chosen = kept.or_else(|| usual(draft));
        if chosen.is_none() {
            let message =
                "EKS does not tell which versions of Kubernetes there are (eks:DescribeClusterVersions)";
            let none = Diagnostic::new(Code::NoSuchVersion, draft.config.metadata.place(), message);
            draft.refuse(none.label("write `version`"));
        }
        return chosen;
    };
    let offered = &draft.facts.versions;
    let offered = offered.is_empty() || offered.iter().any(|it| it.version == written.0);
    // One that runs goes on, whether or not new clusters can still have it.
    if !offered && kept.as_ref() != Some(&written.0) {
        let message = format!("EKS does not offer Kubernetes {}", **written);
        let missing = Diagnostic::new(Code::NoSuchVersion, written.span, message);
        draft.refuse(missing.label(format!("there are {}", all(&draft.facts.versions))));
        return usual(draft);
    }
    Some(written.0.clone())
}

/// The one that AWS takes if none is named.
pub(super) fn usual(draft: &Draft<'_>) -> Option<String> {
    let default = draft.facts.versions.iter().find(|it| it.default);
    let newest = || draft.facts.versions.iter().max_by_key(|it| numbers(&it.version));
    default.or_else(newest).map(|it| it.version.clone())
}

fn all(versions: &[KubernetesVersion]) -> String {
    let mut versions: Vec<&str> = versions.iter().map(|it| it.version.as_str()).collect();
    versions.sort_by_key(|version| numbers(version));
    versions.join(", ")
}
