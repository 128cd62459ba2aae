//! Where a kubeconfig lies: links followed, and only where a file is or can be.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, FileType};
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

/// How many links are followed one after another, as Linux does.
const LINKS: usize = 40;

/// The files of which kubectl makes one configuration. Where two say something under one name, the first counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files(Vec<PathBuf>);

impl Files {
    /// A list, such as `KUBECONFIG` has one; nothing, where it is empty.
    pub fn listed(list: Vec<PathBuf>) -> Option<Self> {
        (!list.is_empty()).then_some(Self(list))
    }

    /// A single one.
    pub fn one(path: PathBuf) -> Self {
        Self(vec![path])
    }

    /// The one that new entries go to, as kubectl chooses it: the first that is there, else the last.
    pub fn chosen(&self) -> &Path {
        let there = self.0.iter().find(|path| path.exists()).or(self.0.last());
        there.map_or(Path::new(""), PathBuf::as_path)
    }

    /// All of them, each once.
    pub(super) fn each(&self) -> Vec<&Path> {
        let mut seen = BTreeSet::new();
        self.0.iter().map(PathBuf::as_path).filter(|path| seen.insert(followed(path))).collect()
    }
}

/// What stands at a path, where that is no file: whoever renames something over it takes it away from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Special {
    /// Such as `/dev/null`, by which people say that they want no file.
    CharacterDevice,
    /// A disk, or a part of one.
    BlockDevice,
    /// A folder.
    Folder,
    /// What one program writes to and another reads.
    Pipe,
    /// What a server listens at.
    Socket,
}

impl Special {
    /// What a path leads to; nothing, where that is a file, or where nothing is.
    pub fn at(path: &Path) -> Option<Self> {
        Self::of(fs::metadata(path).ok()?.file_type())
    }

    fn of(kind: FileType) -> Option<Self> {
        let kinds = [
            (kind.is_char_device(), Self::CharacterDevice),
            (kind.is_block_device(), Self::BlockDevice),
            (kind.is_dir(), Self::Folder),
            (kind.is_fifo(), Self::Pipe),
            (kind.is_socket(), Self::Socket),
        ];
        kinds.into_iter().find_map(|(is_it, what)| is_it.then_some(what))
    }
}

impl fmt::Display for Special {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CharacterDevice => "a device",
            Self::BlockDevice => "a block device",
            Self::Folder => "a folder",
            Self::Pipe => "a pipe",
            Self::Socket => "a socket",
        })
    }
}

/// Where a path leads to, also where nothing is there yet: what is written through a link goes to where it points.
pub(super) fn followed(path: &Path) -> PathBuf {
    let mut at = path.to_path_buf();
    for _ in 0..LINKS {
        let Ok(target) = fs::read_link(&at) else { break };
        at = at.parent().unwrap_or_else(|| Path::new("")).join(target);
    }
    fs::canonicalize(&at).unwrap_or(at)
}
