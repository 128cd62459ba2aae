//! The file itself: one writer at a time, never half written, readable by its owner alone.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::KubeconfigError;
use super::place::{Special, followed};
use crate::cluster::Timestamp;

/// How often somebody else's lock is looked at again, and how long between. Writing takes milliseconds.
const LOOKS: u32 = 100;
const PAUSE: Duration = Duration::from_millis(50);
/// Of the bits of a mode those of the owner, and that by which the owner may write. Whoever is root may write
/// regardless, and is asked for the same: that a file is not to be written is said by its mode.
const OWNERS: u32 = 0o600;
const OWNER_WRITES: u32 = 0o200;

/// A file that nobody else writes who keeps to kubectl's lock.
pub(super) struct Locked {
    /// Where it lies, links followed.
    path: PathBuf,
    lock: PathBuf,
}

impl Locked {
    /// Waits for others.
    pub fn open(given: &Path) -> Result<Self, KubeconfigError> {
        let path = followed(given);
        if let Some(what) = Special::at(&path) {
            return Err(KubeconfigError::Special { path, what });
        }
        let fault = |error| KubeconfigError::File { path: path.clone(), error };
        // Where a link points to a folder that is not there, that may be one that is yet to be mounted.
        if let Some(folder) = given.parent().filter(|it| !it.as_os_str().is_empty()) {
            DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(fault)?;
        }
        let lock = beside(&path, ".lock");
        for _ in 0..LOOKS {
            match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&lock) {
                Ok(_) => return Ok(Self { path, lock }),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => std::thread::sleep(PAUSE),
                Err(error) => return Err(fault(error)),
            }
        }
        Err(KubeconfigError::Locked { path, lock })
    }

    /// Whether this is what a path leads to.
    pub fn is(&self, path: &Path) -> bool {
        self.path == followed(path)
    }

    /// Whether it may be written: who renames over a file is not kept from it by the file's mode.
    pub fn check_writable(&self) -> Result<(), KubeconfigError> {
        match self.mode()? {
            Some(mode) if mode & OWNER_WRITES == 0 => {
                Err(KubeconfigError::ReadOnly { path: self.path.clone() })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Takes the file from everybody but its owner, where it is as it should be otherwise. Only the owner can: that
    /// somebody else's stays as it is makes nothing worse.
    pub fn make_private(&self) -> Result<(), KubeconfigError> {
        let Some(mode) = self.mode()?.filter(|mode| mode & !OWNERS != 0) else { return Ok(()) };
        match fs::set_permissions(&self.path, PermissionsExt::from_mode(mode & OWNERS)) {
            Err(error) if error.kind() != ErrorKind::PermissionDenied => Err(self.fault(error)),
            Err(_) | Ok(()) => Ok(()),
        }
    }

    /// Who may do what; nothing, if it is not there.
    fn mode(&self) -> Result<Option<u32>, KubeconfigError> {
        match fs::metadata(&self.path) {
            Ok(it) => Ok(Some(it.permissions().mode() & 0o777)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.fault(error)),
        }
    }

    /// Puts a text in its place, whole or not at all.
    pub fn write(&self, text: &str) -> Result<(), KubeconfigError> {
        let fresh = beside(&self.path, &format!(".eksact-{}", std::process::id()));
        write_private(&fresh, text)
            .and_then(|()| fs::rename(&fresh, &self.path))
            .inspect_err(|_| _ = fs::remove_file(&fresh))
            .map_err(|error| self.fault(error))
    }

    /// Keeps what was in it, and says where.
    pub fn back_up(&self, text: &str) -> Result<PathBuf, KubeconfigError> {
        let moment = Timestamp::now().strftime("%Y%m%dT%H%M%SZ");
        // There may be one of this second already.
        let mut path = beside(&self.path, &format!(".eksact-backup-{moment}"));
        while path.exists() {
            path = beside(&path, "-again");
        }
        write_private(&path, text).map_err(|error| self.fault(error))?;
        Ok(path)
    }

    fn fault(&self, error: std::io::Error) -> KubeconfigError {
        KubeconfigError::File { path: self.path.clone(), error }
    }
}

impl Drop for Locked {
    fn drop(&mut self) {
        _ = fs::remove_file(&self.lock);
    }
}

/// What is in a file; nothing, if it is not there, or is none: what stands in a pipe is somebody else's.
pub(super) fn read(path: &Path) -> Result<String, KubeconfigError> {
    if Special::at(path).is_some() {
        return Ok(String::new());
    }
    match fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(KubeconfigError::File { path: path.into(), error }),
    }
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(ending);
    path.with_file_name(name)
}
