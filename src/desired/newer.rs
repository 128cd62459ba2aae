//! What AWS has meanwhile: worth a remark, and never a change.

use super::draft::Draft;
use crate::resource::{Key, Remark};

/// The numbers in a version, in order: `v1.20.4-eksbuild.10` is `1, 20, 4, 10`.
pub(super) fn numbers(version: &str) -> Vec<u64> {
    let digits = version.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    digits.filter_map(|part| part.parse().ok()).collect()
}

/// Says that there is a newer one than the one that runs and stays. Nothing runs yet on creation.
pub(super) fn remark(draft: &mut Draft<'_>, key: &Key, runs: Option<&String>, newest: Option<&str>) {
    let Some((runs, newest)) = runs.zip(newest) else { return };
    if numbers(newest) > numbers(runs) {
        let (runs, newest) = (runs.clone(), newest.to_owned());
        draft.graph.remark(key, Remark::Newer { runs, newest });
    }
}
