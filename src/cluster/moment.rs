//! Moments.

use std::time::Duration;

/// A moment, in UTC.
pub type Timestamp = jiff::Timestamp;

/// How much later one moment is than another; nothing, if it is earlier.
pub fn since(later: Timestamp, earlier: Timestamp) -> Duration {
    Duration::try_from(later.duration_since(earlier)).unwrap_or_default()
}
