//! The kubeconfig: an entry for a cluster among other people's, which stay as they are.

mod entry;
mod file;
mod place;
mod section;
mod text;

use std::path::{Path, PathBuf};

pub use entry::{Authenticator, Entry};
use file::Locked;
pub use place::Special;
use text::Draft;

/// What a kubeconfig is called in messages, and where it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub path: PathBuf,
    /// The context that leads to the cluster.
    pub context: String,
    /// Whether it is the current one.
    pub current: bool,
    /// Where the file as it was is kept, if only its meaning could be kept.
    pub backup: Option<PathBuf>,
}

/// Why a kubeconfig is not as it should be.
#[derive(Debug, thiserror::Error)]
pub enum KubeconfigError {
    /// The file cannot be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// It is no file, and nothing else is put in its place.
    #[error("{} is {what} and no file: nothing is written there", path.display())]
    Special {
        /// Which.
        path: PathBuf,
        /// What it is.
        what: Special,
    },
    /// Its owner may not write it: left as it is.
    #[error("{} is read-only: chmod u+w lets it be written, --kubeconfig names another file", path.display())]
    ReadOnly {
        /// Which.
        path: PathBuf,
    },
    /// It is not a kubeconfig: left as it is.
    #[error("{} is not a kubeconfig: {why}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// Somebody else is writing it.
    #[error("{} is being written by somebody else; if not, remove {}", path.display(), lock.display())]
    Locked {
        /// The file.
        path: PathBuf,
        /// What says so.
        lock: PathBuf,
    },
    /// Both names that the entry could have are other clusters'.
    #[error("{} has other clusters under {name}", path.display())]
    Held {
        /// The file.
        path: PathBuf,
        /// The name.
        name: String,
    },
}

impl Entry {
    /// Writes the entry, or brings it up to date. Whatever else is in the file stays as it is.
    ///
    /// # Errors
    /// Where the file cannot be read or written, is no kubeconfig, or has the names for something else.
    pub fn write(&self, path: &Path, make_current: bool) -> Result<Written, KubeconfigError> {
        let file = Locked::open(path)?;
        let mut draft = Draft::read(&file)?;
        let names = self.names(&draft).map_err(|name| KubeconfigError::Held { path: path.into(), name })?;
        let current = draft.current().filter(|it| !it.is_empty() && *it != names.context).map(str::to_owned);
        let before = current.filter(|_| make_current).or_else(|| entry::before(&draft, &names.cluster));
        draft.set("clusters", &names.cluster, self.cluster(&names.cluster, before.as_deref()));
        draft.set("users", &names.cluster, self.user(&names.cluster));
        if names.is_new_context {
            draft.set("contexts", &names.context, Self::context(&names));
        }
        if make_current {
            draft.set_current(&names.context);
        }
        let current = draft.current() == Some(&names.context);
        let backup = draft.write(file)?;
        Ok(Written { path: path.into(), context: names.context, current, backup })
    }
}

/// Takes the entry of a cluster out, by the cluster's ARN, with the contexts that lead to it; the context that
/// was the current one before is it again. Says how many contexts went.
///
/// # Errors
/// Where the file cannot be read or written, or is no kubeconfig. That it is not there is none.
pub fn remove(path: &Path, arn: &str) -> Result<usize, KubeconfigError> {
    if !path.exists() {
        return Ok(0);
    }
    let file = Locked::open(path)?;
    let mut draft = Draft::read(&file)?;
    let Some(cluster) = entry::cluster_of(&draft, arn) else { return Ok(0) };
    let leading = entry::contexts_of(&draft, &cluster);
    let before = entry::before(&draft, &cluster);
    for context in &leading {
        draft.unset("contexts", &context.name);
    }
    if leading.iter().any(|context| draft.current() == Some(&context.name)) {
        let before = before.filter(|it| draft.get("contexts", it).is_some());
        draft.set_current(&before.unwrap_or_default());
    }
    draft.unset("clusters", &cluster);
    for user in leading.iter().map(|it| &it.user).filter(|user| **user == cluster) {
        if !entry::is_used(&draft, user) {
            draft.unset("users", user);
        }
    }
    draft.write(file)?;
    Ok(leading.len())
}
