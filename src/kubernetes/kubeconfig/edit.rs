//! Edits that go through several files: each is drawn first, so that only those are locked that are written.

use std::path::PathBuf;

use super::file::Locked;
use super::text::Draft;
use super::{Edited, Files, KubeconfigError, followed};

/// Makes an edit in all files together; says what it comes to, and which files it was made in.
pub(super) fn edit<T>(
    files: &Files,
    change: impl Fn(&mut [Draft]) -> Result<T, KubeconfigError>,
) -> Result<(T, Vec<Edited>), KubeconfigError> {
    let mut locks: Vec<Locked> = Vec::new();
    loop {
        let drafts = files.each().into_iter().map(Draft::read);
        let mut drafts = drafts.collect::<Result<Vec<_>, _>>()?;
        let said = change(&mut drafts)?;
        drafts.retain(Draft::is_touched);
        let written = drafts.iter().map(|draft| {
            let lock = locks.iter().find(|it| it.is(draft.path()))?;
            Some((draft, lock))
        });
        if let Some(written) = written.collect::<Option<Vec<_>>>() {
            // All of them or none.
            let mut changed = written.iter().filter(|(draft, _)| draft.changes());
            changed.try_for_each(|(_, lock)| lock.check_writable())?;
            let edited = written
                .into_iter()
                .map(|(draft, lock)| Ok(Edited { path: draft.path().into(), backup: draft.write(lock)? }));
            return Ok((said, edited.collect::<Result<_, KubeconfigError>>()?));
        }
        // What was read without a lock may be another's by now: it is read again. All lock in one order, so that
        // no two wait for each other.
        locks.clear();
        let mut touched: Vec<PathBuf> = drafts.iter().map(|it| it.path().to_path_buf()).collect();
        touched.sort_by_key(|path| followed(path));
        locks = touched.iter().map(|path| Locked::open(path)).collect::<Result<_, _>>()?;
    }
}
