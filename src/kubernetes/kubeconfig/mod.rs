//! The kubeconfig: an entry for a cluster among other people's, which stay as they are.

mod edit;
mod entry;
mod file;
mod place;
mod section;
mod text;

use std::path::PathBuf;

use edit::edit;
use entry::Names;
pub use entry::{Authenticator, Entry};
use place::followed;
pub use place::{Files, Special};
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

/// What was taken out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// How many contexts.
    pub contexts: usize,
    /// The files of which something was taken.
    pub files: Vec<Edited>,
}

/// A file that was edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// The file.
    pub path: PathBuf,
    /// Where it is kept as it was, if not all could be kept in it.
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
    /// Writes the entry, or brings it up to date where it stands. Whatever else is in the files stays as it is.
    ///
    /// # Errors
    /// Where a file cannot be read or written, is no kubeconfig, or has the names for something else.
    pub fn write(&self, files: &Files, make_current: bool) -> Result<Written, KubeconfigError> {
        let chosen = files.chosen();
        if let Some(what) = Special::at(chosen) {
            return Err(KubeconfigError::Special { path: chosen.into(), what });
        }
        let (mut written, edited) = edit(files, |drafts| self.draw(drafts, files, make_current))?;
        written.backup = edited.into_iter().find_map(|it| it.backup);
        Ok(written)
    }

    /// As kubectl does: an entry is changed where it stands, a new one is put into the file that is chosen, and so
    /// is which context is the current one.
    fn draw(
        &self,
        drafts: &mut [Draft],
        files: &Files,
        make_current: bool,
    ) -> Result<Written, KubeconfigError> {
        let chosen = followed(files.chosen());
        let chosen = drafts.iter().position(|it| followed(it.path()) == chosen).unwrap_or_default();
        let standing = entry::standing(drafts, &self.arn);
        let at = standing.as_ref().map_or(chosen, |(at, _)| *at);
        let path = drafts[at].path().to_path_buf();
        let names = match standing {
            Some((_, cluster)) => Names::of(drafts, cluster),
            None => {
                self.new_names(drafts).map_err(|name| KubeconfigError::Held { path: path.clone(), name })?
            }
        };
        let current = entry::current(drafts).filter(|it| *it != names.context).map(str::to_owned);
        let is_current = make_current || entry::current(drafts) == Some(&names.context);
        let before = current.filter(|_| make_current).or_else(|| entry::before(&drafts[at], &names.cluster));
        drafts[at].set("clusters", &names.cluster, self.cluster(&names.cluster, before.as_deref()));
        drafts[at].set("users", &names.cluster, self.user(&names.cluster));
        if names.is_new_context {
            drafts[at].set("contexts", &names.context, Self::context(&names));
        }
        if make_current && entry::current(drafts) != Some(&names.context) {
            drafts[chosen].set_current(&names.context);
        }
        Ok(Written { path, context: names.context, current: is_current, backup: None })
    }
}

/// Takes the entry of a cluster out, by the cluster's ARN, with the contexts that lead to it; the context that
/// was the current one before is it again. It may stand in several files: then all of them go.
///
/// # Errors
/// Where a file cannot be read or written, or is no kubeconfig. That none is there is none.
pub fn remove(files: &Files, arn: &str) -> Result<Removed, KubeconfigError> {
    let (contexts, files) =
        edit(files, |drafts| Ok((0..drafts.len()).map(|at| remove_from(drafts, at, arn)).sum()))?;
    Ok(Removed { contexts, files })
}

/// Takes the one out that stands in one of the files.
fn remove_from(drafts: &mut [Draft], at: usize, arn: &str) -> usize {
    let Some(cluster) = entry::cluster_of(&drafts[at], arn) else { return 0 };
    // Where another file has something of this name, too, what names it there means that one.
    let is_only = |list| (0..drafts.len()).all(|it| it == at || drafts[it].get(list, &cluster).is_none());
    let (is_only_cluster, is_only_user) = (is_only("clusters"), is_only("users"));
    let before = entry::before(&drafts[at], &cluster);
    let from = drafts.iter().enumerate().filter(|(other, _)| *other == at || is_only_cluster);
    let leading: Vec<_> = from
        .flat_map(|(from, draft)| entry::contexts_of(draft, &cluster).into_iter().map(move |it| (from, it)))
        .collect();
    for (from, context) in &leading {
        drafts[*from].unset("contexts", &context.name);
    }
    let before = before.filter(|it| entry::seen(drafts, "contexts", it).is_some()).unwrap_or_default();
    for (_, context) in &leading {
        if entry::seen(drafts, "contexts", &context.name).is_none() {
            let were = drafts.iter_mut().filter(|it| it.current() == Some(&context.name));
            were.for_each(|draft| draft.set_current(&before));
        }
    }
    drafts[at].unset("clusters", &cluster);
    let users = if is_only_user { &*drafts } else { &drafts[at..=at] };
    if leading.iter().any(|(_, context)| context.user == cluster) && !entry::is_used(users, &cluster) {
        drafts[at].unset("users", &cluster);
    }
    leading.len()
}
